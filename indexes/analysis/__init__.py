"""Which terms stand for a text? The same at write and at read, so that a query meets the passages it means."""

from indexes.analysis.terms import ANALYSIS_VERSION, highlight_spans, passage_terms, query_terms, words
from indexes.analysis.tokens import fold

__all__ = ["ANALYSIS_VERSION", "fold", "highlight_spans", "passage_terms", "query_terms", "words"]
