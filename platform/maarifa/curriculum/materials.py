"""What a course has beside its lessons, made ready for an edition. Pure, as `compiling` is."""

from collections.abc import Iterable

from django.utils.html import format_html_join

from maarifa.curriculum.models import Document, Material, Picture
from maarifa.curriculum.stored import About
from maarifa.curriculum.text.markdown import Figure, render
from maarifa.lib.digests import digest, digest_of
from maarifa.lib.figures import size_of
from maarifa.lib.stitching import deflate
from maarifa.lib.text import sort_key

Kind = Material.Kind


class Materials:
    """The materials of a draft: `rows` in any order."""

    def __init__(self, rows: Iterable[Material], source_language: str) -> None:
        self.rows = list(rows)
        self.source_language = source_language
        self._by_name = {(row.kind, row.key, row.language): row for row in self.rows}

    def find(self, kind: str, key: str, language: str) -> Material | None:
        return self._by_name.get((kind, key, language))

    def keys(self, kind: str) -> list[str]:
        return sorted({row.key for row in self.rows if row.kind == kind})

    def missing_in(self, language: str) -> list[str]:
        """Paths of the materials that there are in the source language only; of figures, those that hold words."""
        return [
            row.path
            for row in self.rows
            if row.language == self.source_language
            and self.find(row.kind, row.key, language) is None
            and not (row.kind == Kind.FIGURE and "<text" not in row.texts["svg"])
        ]

    def figures(self, language: str) -> dict[str, Figure]:
        """Every figure as a text in this language shows it: the source's where there is no other."""
        figures = {}
        for key in self.keys(Kind.FIGURE):
            row = self.find(Kind.FIGURE, key, language) or self.find(Kind.FIGURE, key, self.source_language)
            if row:
                svg = row.texts["svg"]
                figures[key] = Figure(f"/media/{digest(svg)}.svg", *size_of(svg))
        return figures

    def pictures(self) -> dict[str, Picture]:
        """By digest, not saved."""
        svgs = [row.texts["svg"] for row in self.rows if row.kind == Kind.FIGURE]
        return {digest(svg): Picture(digest=digest(svg), svg=svg) for svg in svgs}

    def picture_bytes(self, html: str) -> int:
        """The compressed size of the figures that a document shows."""
        return sum(
            len(deflate(picture.svg.encode())) for name, picture in self.pictures().items() if name in html
        )

    def glossary(self, language: str) -> Document | None:
        """Its terms with their meanings, in the order of the alphabet as `sort_key` has it."""
        row = self.find(Kind.GLOSSARY, "glossary", language)
        if row is None:
            return None
        terms = row.texts["terms"].items()
        html = format_html_join(
            "",
            '<dt id="{}">{}</dt><dd>{}</dd>\n',
            (
                (key, texts["term"], texts["meaning"])
                for key, texts in sorted(terms, key=lambda item: sort_key(item[1]["term"]))
            ),
        )
        return _document(language, {"title": "", "summary": ""}, f"<dl>\n{html}</dl>\n")

    def terms(self, language: str) -> set[str]:
        """The keys that a text in this language can link to: of its glossary, or of the source's where it has none."""
        row = self.find(Kind.GLOSSARY, "glossary", language) or self.find(
            Kind.GLOSSARY, "glossary", self.source_language
        )
        return set(row.texts["terms"]) if row else set()

    def worksheet(self, key: str, language: str) -> Document | None:
        row = self.find(Kind.WORKSHEET, key, language)
        if row is None:
            return None
        about = About(title=row.texts["title"], summary=row.texts["summary"])
        html = render(row.texts["body"], figures=self.figures(language), language=language)
        return _document(language, about, html)


def _document(language: str, about: About, html: str) -> Document:
    document_digest = digest_of({"language": language, "about": about, "html": html})
    return Document(
        digest=document_digest, language=language, html=html, about=about, deflated=deflate(html.encode())
    )
