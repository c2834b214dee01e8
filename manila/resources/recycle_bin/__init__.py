"""The recycle bin: shares that their owner has deleted and can still have back."""
