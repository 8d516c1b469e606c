"""Where do requests come in, and what leaves the service?"""
