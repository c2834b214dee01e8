"""NetApp storage: shares on ONTAP clusters."""
