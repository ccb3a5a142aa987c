"""Write every generated page anew."""

from tools.docs.pages import CHECKOUT, PAGES


def main() -> None:
    """Write the pages, and say which."""
    for path, text in PAGES.items():
        (CHECKOUT / path).parent.mkdir(parents=True, exist_ok=True)
        (CHECKOUT / path).write_text(text(), encoding="utf-8")
        print(path)


main()
