"""How do questions become cited answers?"""
