"""The client over ZAPI (ONTAPI), the older interface of ONTAP."""
