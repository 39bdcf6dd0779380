import io
import struct
import zlib
from functools import partial

import pypdf
import pytest
import zxingcpp

from maarifa.certificates.pdf import RARE, at_the_first_scale_that_fits, certificate_pdf
from maarifa.lib.pdf import MissingGlyphs, PdfError, TooLong, render

CODE = "K7QF-2M9D-X4TW-8R3H"
ADDRESS = f"https://learn.example.org/verify/{CODE}"

# Language, direction, the holder's name in its own script and in Latin letters, and a title in that language.
PAGES = [
    ("en", "ltr", "Amina Wanjiru Hassan", "Amina Wanjiru Hassan", "AI governance in practice"),
    ("fr", "ltr", "محمد الأمين ولد سيدي", "Mohamed El Amine Ould Sidi", "La gouvernance de l’IA en pratique"),
    (
        "ar",
        "rtl",
        "محمد الأمين ولد سيدي",
        "Mohamed El Amine Ould Sidi",
        "حوكمة الذكاء الاصطناعي (AI governance)",
    ),
    ("sw", "ltr", "Neema Mwakyusa", "Neema Mwakyusa", "Utawala wa akili unde kwa vitendo"),
    ("hi", "ltr", "ज्योत्स्ना कृष्णमूर्ति", "Jyotsna Krishnamurthy", "व्यवहार में कृत्रिम बुद्धिमत्ता का शासन"),
    ("am", "ltr", "አበበ በቀለ ወልደ ጊዮርጊስ", "Abebe Bekele Wolde Giyorgis", "የሰው ሠራሽ አስተውሎት አስተዳደር በተግባር"),
    ("bn", "ltr", "রফিকুল ইসলাম চৌধুরী", "Rafiqul Islam Chowdhury", "বাস্তবে কৃত্রিম বুদ্ধিমত্তার শাসন"),
    ("ru", "ltr", "Айгүл Сәрсенбаева", "Aigul Sarsenbayeva", "Управление искусственным интеллектом"),
    ("zh-hans", "ltr", "欧阳玥", "Ouyang Yue", "人工智能治理实践：从“原则”到合同"),
]


def certificate(
    language="en", direction="ltr", name="Amina Wanjiru Hassan", name_latin=None, title=None, **changes
):
    labels = ("certificate", "with_maarifa", "awarded_to", "outcomes", "code", "verify", "qr")
    return {
        "language": language,
        "dir": direction,
        "labels": {label: title or label for label in labels},
        "name": name,
        "name_latin": name_latin or name,
        "course_title": title or "AI governance in practice",
        "statement": title or "for completing the course",
        "institution": title or "Institute of Public Administration",
        "hours_line": "12 · 3",
        "earned_line": title or "Supervised examination, identity checked, Nouakchott, 12 December 2026",
        "outcomes": [title or "write monitoring and incident duties into a contract"] * 3,
        "issued_line": "2026-12-14",
        "code": CODE,
        "verify_url": ADDRESS,
        "issued_on": "2026-12-14",
        **changes,
    }


@pytest.fixture(params=PAGES, ids=[page[0] for page in PAGES])
def page_in_a_language(request):
    return certificate(*request.param)


def read(document):
    return pypdf.PdfReader(io.BytesIO(document))


def test_certificate_pdf_is_one_page_with_code_name_and_address(page_in_a_language):
    document = read(certificate_pdf(page_in_a_language))

    assert len(document.pages) == 1
    lines = document.pages[0].extract_text().splitlines()
    assert [line.strip() for line in lines].count(CODE) == 2  # by itself, and as the end of the address
    assert page_in_a_language["name_latin"] in [line.strip() for line in lines]
    assert [link.get_object()["/A"]["/URI"] for link in document.pages[0]["/Annots"]] == [ADDRESS]


def test_certificate_pdf_says_its_title_author_language_and_date(page_in_a_language):
    document = read(certificate_pdf(page_in_a_language))

    assert document.metadata.title == f"{page_in_a_language['course_title']} · {page_in_a_language['name']}"
    assert document.metadata.author == page_in_a_language["institution"]
    assert document.metadata["/CreationDate"] == "D:20261214000000Z"
    assert document.trailer["/Root"]["/Lang"].split("-")[0] == page_in_a_language["language"].split("-")[0]
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"].value is True


def test_certificate_qr_code_read_off_the_page_is_the_address(page_in_a_language):
    picture = greys(picture_of(page_in_a_language, pixels_per_inch=80))

    assert [found.text for found in zxingcpp.read_barcodes(picture)] == [ADDRESS]


def test_certificate_in_arabic_is_the_mirror_image():
    left_to_right = greys(picture_of(certificate(), pixels_per_inch=40))
    right_to_left = greys(picture_of(certificate(*PAGES[2]), pixels_per_inch=40))

    height, width = left_to_right.shape
    spine = 19  # in pixels from the edge: 12 mm
    assert left_to_right[height // 2, spine] < 100 < left_to_right[height // 2, width - spine]
    assert right_to_left[height // 2, width - spine] < 100 < right_to_left[height // 2, spine]


def test_certificate_pdf_gives_the_same_bytes_again():
    assert certificate_pdf(certificate()) == certificate_pdf(certificate())


def test_certificate_pdf_leaves_out_the_latin_name_where_it_is_the_same_or_empty():
    same, empty = certificate(), {**certificate(), "name_latin": ""}

    assert read(certificate_pdf(same)).pages[0].extract_text().count("Amina Wanjiru Hassan") == 1
    assert certificate_pdf(empty) == certificate_pdf(same)


def test_certificate_pdf_of_a_course_without_outcomes_has_no_heading_for_them():
    document = read(certificate_pdf(certificate(outcomes=[])))

    assert "outcomes" not in document.pages[0].extract_text()


def test_certificate_pdf_keeps_long_words_on_one_page():
    long = certificate(
        name="Ọláyínká Adébọ̀wálé Ɓaɗaƙu " * 3,
        name_latin="Nguyễn Thị Thanh Hằng Ouédraogo-N’Diaye " * 3,
        title="La gouvernance de l’intelligence artificielle en pratique et le déploiement à faible coût",
        outcomes=[
            "inscrire dans un contrat les obligations de suivi et de signalement, et les faire respecter"
        ]
        * 6,
        verify_url=f"https://apprendre.institut-national-de-formation-continue-des-cadres.example.org/verify/{CODE}",
    )
    document = read(certificate_pdf(long))

    assert len(document.pages) == 1
    assert document.pages[0].extract_text().count("les faire respecter") == 6
    assert [found.text for found in zxingcpp.read_barcodes(greys(picture_of(long, pixels_per_inch=80)))] == [
        long["verify_url"]
    ]


def test_certificate_pdf_refuses_what_no_page_can_hold():
    with pytest.raises(TooLong):
        certificate_pdf(certificate(outcomes=["write monitoring duties into a contract"] * 100))


def test_certificate_pdf_draws_the_letters_of_every_language_served():
    names = [
        "Ɓaɗaƙu Ƴar’aduwa",
        "Ọláyínká Ṣẹ́gun",
        "Nguyễn Thị Hằng",
        "Ngɔ̂ Ɛ̌fɔ̀",
        "Nyakuɔth Ga̱tluak",
        "Қалқаман Ғабит",
    ]
    names += ["سلیم خان", "พิมพ์ชนก สุขใจ", "ትግርኛ ጸጋይ", "नेपाली थापा", "অসমীয়া বৰুৱা", "镕基 喆 堃 琎"]

    for name in names:
        assert len(read(certificate_pdf(certificate(name=name, name_latin="Latin"))).pages) == 1


RARE_NAMES = {
    "tifinagh": "ⵜⵉⵏⵀⵉⵏⴰⵏ ⵓⵍⵜ ⵉⵎⵓⵀⴰⵖ",
    "nko": "ߡߊߡߊߘߎ߫ ߞߊ߲ߕߍ߫",
    "adlam": "𞤀𞤥𞤭𞤲𞤢 𞤁𞤭𞤢𞤤𞤮",
    "tamil": "மீனாட்சி கிருஷ்ணமூர்த்தி",
    "khmer": "សុខា ប្រាក់ចន្ទ្រា",
    "burmese": "အောင်ဆန်းမြင့် ကျော်",
    "hebrew": "יַעֲקֹב בן־דוד",
    "korean": "김서연 뷁믜",
}


@pytest.mark.parametrize("script", RARE_NAMES)
def test_certificate_pdf_draws_names_in_scripts_that_few_certificates_hold(script):
    name = RARE_NAMES[script]
    document = read(certificate_pdf(certificate(name=name, name_latin="Latin", title=f"AI {name}")))

    fonts = {
        font.get_object()["/BaseFont"].partition("+")[2]
        for font in document.pages[0]["/Resources"]["/Font"].values()
    }
    assert len(document.pages) == 1
    assert any(font.startswith(RARE[script].font.replace(" ", "")) for font in fonts), fonts
    assert document.pages[0].extract_text().count("Latin") == 1


def test_certificate_pdf_says_who_checked_the_name_and_marks_a_preview():
    said = "Name as stated by the holder."
    plain = read(certificate_pdf(certificate())).pages[0].extract_text()
    marked = (
        read(certificate_pdf(certificate(name_line=said, preview="Preview only"))).pages[0].extract_text()
    )

    assert said in marked.splitlines()
    assert "Preview only" in marked
    assert "Preview" not in plain


def test_certificate_pdf_names_the_letters_that_no_font_has():
    with pytest.raises(MissingGlyphs) as raised:
        certificate_pdf(certificate(name="ᏣᎳᎩ", name_latin="Cherokee"))

    assert raised.value.texts[0] == "Ꮳ"


def test_certificate_pdf_names_the_word_that_is_missing():
    data = certificate()
    del data["hours_line"]

    with pytest.raises(PdfError, match="hours_line"):
        certificate_pdf(data)


def test_certificate_pdf_prints_markup_as_the_characters_it_is():
    document = read(certificate_pdf(certificate(name="#panic() *Amina* $x$", name_latin="Amina")))

    assert "#panic() *Amina* $x$" in document.pages[0].extract_text().splitlines()


def picture_of(data, *, pixels_per_inch):
    """The page as a picture."""
    return at_the_first_scale_that_fits(partial(render, format="png", ppi=pixels_per_inch), data)


def greys(png):
    """The picture as rows of bytes that zxing-cpp reads; a page has few colours, so its red will do for grey."""
    position, packed = 8, b""
    while position < len(png):
        length, kind = struct.unpack(">I4s", png[position : position + 8])
        body = png[position + 8 : position + 8 + length]
        if kind == b"IHDR":
            width, height, depth, colours = struct.unpack(">IIBB", body[:10])
            assert (depth, colours) == (8, 6)
        if kind == b"IDAT":
            packed += body
        position += length + 12
    raw, step, size = zlib.decompress(packed), 4, width * 4
    above, reds = bytearray(size), bytearray()
    for row in range(height):
        start = row * (size + 1)
        line, undo = bytearray(raw[start + 1 : start + 1 + size]), raw[start]
        for i in range(0, size, step):
            left, up = line[i - step] if i else 0, above[i]
            corner = above[i - step] if i else 0
            line[i] = (line[i] + (0, left, up, (left + up) // 2, _paeth(left, up, corner))[undo]) & 255
        above = line
        reds += line[::step]
    return memoryview(bytes(reds)).cast("B", (height, width))


def _paeth(left, up, corner):
    near = left + up - corner
    return min((left, up, corner), key=lambda value: abs(near - value))
