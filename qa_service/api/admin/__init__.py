"""`/api/v1/admin`: what staff ask for. Every change is only written down here; the worker makes it."""

from qa_service.api.admin import audit, documents, feedback, glossary, jobs, receipts, releases, session

ROUTERS = tuple(each.router for each in (session, documents, jobs, releases, receipts, feedback, glossary, audit))
"""The routes of staff, one router for each noun."""
