"""What are its words?

Text in, tokens out: where each word stands and under which term the index knows it.
"""

from searchkit.analysis.analyzer import Analyzer, Token, is_analyzer, open_analyzer
from searchkit.analysis.vocabulary import Vocabulary

__all__ = ["Analyzer", "Token", "Vocabulary", "is_analyzer", "open_analyzer"]
