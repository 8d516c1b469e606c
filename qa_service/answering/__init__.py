"""How is a question answered from passages?"""
