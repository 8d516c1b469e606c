"""Which terms stand for a text? The same at write and at read, so that a query meets the passages it means."""

from indexes.analysis.documents import document_terms
from indexes.analysis.highlights import Highlighter
from indexes.analysis.light_words import is_light
from indexes.analysis.numbers import MONTHS, NumberExpression, number_expressions
from indexes.analysis.stopwords import is_stop_word
from indexes.analysis.terms import (
    ANALYSIS_VERSION,
    NUMERIC,
    AnalysedWord,
    analysed_words,
    is_function_word,
    passage_terms,
    query_terms,
    word_keys,
    word_weights,
    words,
)
from indexes.analysis.tokens import fold

__all__ = [
    "ANALYSIS_VERSION",
    "MONTHS",
    "NUMERIC",
    "AnalysedWord",
    "Highlighter",
    "NumberExpression",
    "analysed_words",
    "document_terms",
    "fold",
    "is_function_word",
    "is_light",
    "is_stop_word",
    "number_expressions",
    "passage_terms",
    "query_terms",
    "word_keys",
    "word_weights",
    "words",
]
