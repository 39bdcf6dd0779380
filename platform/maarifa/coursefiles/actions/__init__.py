from maarifa.coursefiles.actions.exambanks import load_exam_banks, read_exam_banks
from maarifa.coursefiles.actions.exporting import export_course
from maarifa.coursefiles.actions.formatting import format_course, stamp_translation
from maarifa.coursefiles.actions.loading import LoadingError, load_course

__all__ = [
    "LoadingError",
    "export_course",
    "format_course",
    "load_course",
    "load_exam_banks",
    "read_exam_banks",
    "stamp_translation",
]
