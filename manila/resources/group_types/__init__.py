"""Share group types: which share types the shares of a group may have, and what the group can do."""
