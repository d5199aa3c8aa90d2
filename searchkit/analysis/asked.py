"""Which terms of an index does a word of a query stand for?

An index holds documents of several languages, each analysed by its own, and their terms share its
fields. What a query means it does not say, so each of its words is analysed by all languages of the
index.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from searchkit.analysis.analyzer import MARK, Analyzer
from searchkit.analysis.forms import other_forms
from searchkit.analysis.languages import DEFAULT, script_of, stems
from searchkit.analysis.synonyms import Synonyms, Ways, Words, read_synonyms
from searchkit.analysis.unspaced import is_run, telling, without_last_tail, without_tails
from searchkit.schema import WORDS

SYNONYM_WEIGHT = 0.5
"""What a synonym counts where the word itself counts 1."""

_MOST_KNOWN = 10_000
"""Words whose terms are remembered; a query asks for those of each of its words several times."""

_LEAST_SHARE = 0.2
"""Of the commonest language: of one with fewer passages, no words are taken for those that every
text is full of ("war" is one in German)."""


class IndexAnalyzer(Analyzer):
    """Gives the words of a query as they are written, and says what terms each stands for.

    ``languages`` are those of the index, by tag, with how many passages each has; ``synonyms`` the
    text of a file of them, for which ``WrongSynonymsError`` may be raised; ``dictionary`` the one
    whose words the index has ("icu-78"), or "".
    """

    def __init__(
        self,
        analyzer: Analyzer,
        languages: Iterable[tuple[str, int]],
        synonyms: str = "",
        dictionary: str = "",
    ) -> None:
        super().__init__(WORDS)
        self.dictionary = dictionary
        self._terms_analyzer = analyzer
        self._known_terms: dict[str, tuple[tuple[str, float], ...]] = {}
        self._counts = ordered = sorted(languages, key=lambda pair: (-pair[1], pair[0]))
        self.languages = tuple(language for language, _ in ordered) or ("",)
        self._asked: dict[str, tuple[str, ...]] = {}
        most = ordered[0][1] if ordered else 0
        self.main_languages = tuple(
            language for language, count in ordered if count >= _LEAST_SHARE * most
        )
        # What is too short to tell is analysed as English, whatever it is written in.
        self._short = self.main_languages if DEFAULT not in self.main_languages else ()
        self._synonyms: Synonyms = read_synonyms(synonyms, self._ways) if synonyms else {}
        self._by_terms = self._terms_of_synonyms()
        self._begins = {words[0] for words in (*self._synonyms, *self._by_terms)}

    def _ways(self, text: str) -> Ways:
        tokens = self.tokens(text)
        text = text.strip()
        forms = [form.word for form in other_forms(text) if form[1:] == (0, len(text))]
        written: list[Words] = [(word,) for word in self.words(forms)]
        if len(tokens) > 1 or not forms:  # The one word of C++ is the name of another language.
            written.insert(0, tuple(token.term for token in without_last_tail(tokens)))
        if not tokens:
            return Ways((), ())
        # In a list what is written without spaces is a bag of those of its words that tell.
        bag = tuple(token.term for token in telling(without_tails(tokens)))
        return Ways([*written, bag] if is_run(tokens) and bag not in written else written, written)

    def _terms_of_synonyms(self) -> Synonyms:
        """What has synonyms by its terms, so that another form of a word has them too."""
        found: dict[Words, dict[Words, None]] = {}
        words = list(dict.fromkeys(word for words in self._synonyms for word in words))
        for language in self.languages if words else ():
            stems = self._terms_analyzer.analyze(words, language)
            term_of = dict(zip(words, stems, strict=True))
            for key, others in self._synonyms.items():
                terms = tuple(map(term_of.__getitem__, key))
                found.setdefault(terms, {}).update(dict.fromkeys(others))
        return {terms: tuple(others) for terms, others in found.items()}

    @cached_property
    def stop_terms(self) -> frozenset[str]:
        """The words that every text is full of, as they are written."""
        return self.stop_terms_of(self.main_languages)

    def unmarked_terms(self) -> frozenset[str]:
        """The terms of the words that texts of each language are full of."""
        return self._terms_analyzer.stop_terms_of(self.languages)

    def is_stop_word(self, word: str, term: str) -> bool:
        """Whether texts are full of ``word`` in the language in which it has ``term``."""
        _, mark, language = term.rpartition(MARK)
        if mark:
            return word in self.stop_terms_of((language,))
        # That of English, and of the languages without a stemmer.
        script = script_of(word)
        unmarked = [one for one in self.main_languages if not stems(one, script)]
        return word in self.stop_terms_of((DEFAULT, *unmarked))

    def terms_of(self, word: str) -> tuple[tuple[str, float], ...]:
        """The terms that ``word``, which is one of :meth:`tokens`, stands for, each with how much
        it counts.
        """
        known = self._known_terms.get(word)
        if known is not None:
            return known
        found = {term: 1.0 for (term,) in self.phrases_of((word,))}
        for other in self.synonyms_of((word,)):
            if len(other) == 1:
                for (term,) in self.phrases_of(other):
                    found.setdefault(term, SYNONYM_WEIGHT)
        if len(self._known_terms) >= _MOST_KNOWN:
            self._known_terms.clear()
        self._known_terms[word] = terms = tuple(found.items())
        return terms

    def synonyms_of(self, words: Sequence[str]) -> Sequence[tuple[str, ...]]:
        """What is the same as ``words``, which run on, to the user of the index; if that says
        nothing of them as they are written, what is the same as others with their terms.
        """
        exact = self._synonyms.get(tuple(words), ()) if self._synonyms else ()
        if exact or not self._synonyms:
            return exact
        found: dict[Words, None] = {}
        for terms in self.phrases_of(words):
            found.update(dict.fromkeys(self._by_terms.get(terms, ())))
        return tuple(found)

    def begins_synonym(self, word: str) -> bool:
        """Whether some running words that begin with ``word`` may have synonyms."""
        return any(term in self._begins for (term,) in ((word,), *self.phrases_of((word,))))

    @cached_property
    def longest_synonym(self) -> int:
        """How many words in a row may have synonyms."""
        return max(map(len, self._synonyms), default=0)

    def without_synonyms(self) -> IndexAnalyzer:
        """The same, but that words stand for themselves alone."""
        if not self._synonyms:
            return self
        return IndexAnalyzer(self._terms_analyzer, self._counts, "", self.dictionary)

    def phrases_of(self, words: Sequence[str]) -> tuple[tuple[str, ...], ...]:
        """The same for running words: their terms in each language."""
        found: dict[tuple[str, ...], None] = {}
        scripts = dict.fromkeys(map(script_of, words))
        for language in dict.fromkeys([one for script in scripts for one in self._of(script)]):
            found[tuple(self._terms_analyzer.analyze(list(words), language))] = None
        for language in self._short:
            found[tuple(self._terms_analyzer.analyze(list(words), language, marks=False))] = None
        return tuple(found)

    def _of(self, script: str) -> tuple[str, ...]:
        """The languages of the index that make terms of words of ``script``, and one for all that
        leave them as they are.
        """
        if script not in self._asked:
            stemming: list[str] = []
            leaving: list[str] = []
            for language in self.languages:
                (stemming if stems(language, script) else leaving).append(language)
            chosen = {*stemming, *leaving[:1]}
            self._asked[script] = tuple(one for one in self.languages if one in chosen)
        return self._asked[script]
