"""What do we have? The shape of a folder of publications, and nothing about reading or searching them."""
