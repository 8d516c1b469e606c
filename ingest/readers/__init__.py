"""Which file kinds can be read, and how?"""
