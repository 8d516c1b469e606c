"""How was the bundled model made, and how is a better one made?"""
