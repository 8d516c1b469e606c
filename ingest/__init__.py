"""How do publications become a release? Reading, cleaning, splitting into passages, embedding, publishing."""
