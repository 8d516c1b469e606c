"""How were the files of the starter collection made? A workshop outside the layers, neither installed nor served."""
