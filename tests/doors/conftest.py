"""Shared by the tests of the doors: processes that are not traced for coverage, and a reader of pages."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

import pytest


@pytest.fixture(autouse=True, scope="module")
def untraced() -> Iterator[None]:
    """A traced process takes half as long again; what they run is measured in this process, by the same commands."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("COVERAGE_PROCESS_CONFIG", "COVERAGE_PROCESS_START"):
            patch.delenv(name, raising=False)
        yield


VOID = {"meta", "img", "source", "input", "br", "hr", "link"}


class Page(HTMLParser):
    """Elements of a page with their attributes, and every fault of nesting."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.faults: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if len(dict(attrs)) < len(attrs):
            self.faults.append(f"<{tag}> repeats an attribute")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"</{tag}> closes {self.open[-1:]}")
        else:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="session")
def page_of() -> type[Page]:
    """What reads a page."""
    return Page
