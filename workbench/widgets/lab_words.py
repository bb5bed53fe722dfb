"""The words of the front door itself, which is JavaScript and asks the server for them."""

from __future__ import annotations

from workbench.model.texts import marked, translate

#: Every text that the front door says, as it stands in its source.
WORDS = (
    marked("Home"),
    marked("Back to the first page"),
    marked("Reload"),
    marked("Start this screen again with what is stored now"),
    marked("Code"),
    marked("Show or hide the code (F8)"),
    marked("Show or hide the code"),
    marked("Open a screen"),
    marked("Run the screen again"),
    marked("Screens"),
    marked("When this screen was last run"),
    marked("This screen could not be run to its end."),
    marked("The program behind this screen has stopped. Reload to start it again."),
    marked("The last action failed and may not have been stored. Reload to see what is."),
)


def front_door_words(language: str) -> dict[str, str]:
    """English to the words of a language."""
    return {text: translate(text, language=language) for text in WORDS}
