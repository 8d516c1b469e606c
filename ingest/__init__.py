"""How do publications become a release?"""
