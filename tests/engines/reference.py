"""BM25 by the book, paragraph by paragraph: what the engines' scores are held against."""

import math
from collections import Counter
from itertools import pairwise

from searcher.analysis import BREAK
from searcher.schema import BY_NAME, TOKEN_FIELDS

K1, B = 0.9, 0.6


class Reference:
    """The scores of the paragraphs of some reports."""

    def __init__(self, analyzer, reports):
        self._analyzer = analyzer
        self._reports = reports
        self._texts = {(r.id, p.ordinal): self._count(p.text) for r in reports for p in r.paragraphs}
        self._contexts = [context for report in reports for context in self._of_report(report)]

    def scores(self, weighted):
        """Return each paragraph's score, by report id and ordinal."""
        return {at: round(self._score(at, weighted), 6) for at in self._texts}

    def collapsed_scores(self, weighted):
        """Return each paragraph's score where hits are collapsed: its text and headings, and its whole report."""
        wholes = {report.id: self._whole(report.id) for report in self._reports}
        alike = list(wholes.values())
        return {
            at: round(self._score(at, weighted, ("section",)), 6)
            + sum(self._gain(term, wholes[at[0]], alike) for term in weighted)
            for at in self._texts
        }

    def _whole(self, report_id):
        """Return a report as one bag of tokens: its paragraphs and what stands over them."""
        parts = [counts for (owner, _), counts in self._texts.items() if owner == report_id]
        parts += [context[-1] for context in self._contexts if context[0] == report_id]
        return {field: sum((part[field] for part in parts), Counter()) for field in TOKEN_FIELDS}

    def _count(self, text):
        analysis = self._analyzer.analyze([text])
        units = [token.text for token in analysis.units_of()]
        return {
            "words": Counter(token.text for token in analysis.words_of()),
            "bigrams": Counter(pairwise(units)),
            "unigrams": Counter(unit for unit in units if unit != BREAK),
        }

    def _of_report(self, report):
        about, size = report.metadata, len(report.paragraphs)
        for place, text in (("title", about.title), ("institution", about.institution), ("region", about.region)):
            if text and size:
                yield report.id, place, 0, size, self._count(text)
        for section in report.sections:
            if section.start < min(section.end, size):
                yield report.id, "section", section.start, section.end, self._count(section.heading)

    def _score(self, at, weighted, places=("section", "title", "institution", "region")):
        texts = list(self._texts.values())
        score = sum(self._gain(term, self._texts[at], texts) for term in weighted)
        for place in places:
            alike = [counts for _, where, _, _, counts in self._contexts if where == place]
            gains = [
                sum(self._gain(term, counts, alike) for term in weighted)
                for owner, where, start, end, counts in self._contexts
                if owner == at[0] and where == place and start <= at[1] < end
            ]
            score += BY_NAME[place].boost * max(gains, default=0.0)
        return score

    def _gain(self, term, counts, alike):
        frequency = counts[term.field][term.term]
        if not frequency:
            return 0.0
        df = sum(term.term in other[term.field] for other in self._texts.values())
        idf = math.log(1 + (len(self._texts) - df + 0.5) / (df + 0.5))
        average = sum(other[term.field].total() for other in alike) / len(alike)
        length = counts[term.field].total()
        return term.weight * idf * frequency * (K1 + 1) / (frequency + K1 * (1 - B + B * length / average))
