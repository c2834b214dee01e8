"""The client of an ONTAP cluster: one face (:mod:`.face`), implemented over REST (``rest/``) and ZAPI (``zapi/``)."""
