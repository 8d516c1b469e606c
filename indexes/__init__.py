"""What must be equal on both sides of the disk? Passages, embeddings, terms, releases, and the engines that keep them."""
