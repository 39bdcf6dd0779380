"""The text of a lesson: CommonMark, and the blocks that stand in it."""
