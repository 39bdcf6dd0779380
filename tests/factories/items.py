"""Questions with items, as people ask them: pairs, extended matching and an order, in English and Arabic."""


def _texts(**texts: str) -> dict:
    return {key.replace("_", "-"): {"text": text} for key, text in texts.items()}


MATCHING = {
    "items": ["rule", "register", "deadline"],
    "choices": ["finds", "binds", "ends", "pays"],
    "pairs": {"rule": "binds", "register": "finds", "deadline": "ends"},
}
EXTENDED = {
    "items": ["lost-card", "wrong-name"],
    "choices": ["appeal", "copy", "correction", "refund"],
    "pairs": {"lost-card": "copy", "wrong-name": "correction"},
    "also": {"wrong-name": {"appeal": 40}},
}
ORDERING = {"items": ["draft", "consult", "publish", "review"]}

# As `QUESTIONS` of `tests.factories.curriculum`.
QUESTIONS = [
    (
        "parts-of-an-office",
        "matching",
        "first",
        MATCHING,
        {
            "en": {
                "stem": "What does each of these do for people who come to the water office of Kilele?",
                "items": {
                    "rule": {
                        "text": "A rule that everybody can read",
                        "feedback": "Rules bind offices, too.",
                    },
                    "register": {"text": "A register of rules", "feedback": "That is what it is for."},
                    "deadline": {"text": "A deadline", "feedback": "Then the office has to decide."},
                },
                "choices": _texts(
                    finds="It lets people find what holds for them, wherever they live",
                    binds="It binds the office",
                    ends="It ends the waiting",
                    pays="It pays for the water",
                ),
            },
            "ar": {
                "stem": "ماذا يفعل كل من هذه لمن يأتون إلى مكتب المياه في كيليلي؟",
                "items": {
                    "rule": {"text": "قاعدة يستطيع الجميع قراءتها", "feedback": "القواعد تلزم المكاتب أيضا."},
                    "register": {"text": "سجل القواعد", "feedback": "هذا هو الغرض منه."},
                    "deadline": {"text": "موعد نهائي", "feedback": "عندئذ على المكتب أن يقرر."},
                },
                "choices": _texts(
                    finds="يتيح للناس معرفة ما ينطبق عليهم أينما كانوا",
                    binds="يلزم المكتب",
                    ends="ينهي الانتظار",
                    pays="يدفع ثمن المياه",
                ),
            },
        },
    ),
    (
        "what-to-ask-for",
        "extended",
        "second",
        EXTENDED,
        {
            "en": {
                "stem": "What should this person ask the office for first?",
                "theme": "Requests to an office",
                "items": {
                    "lost-card": {
                        "text": "Amina’s water card was lost in a flood. Her name is in the register.",
                        "feedback": "The register has all that a copy needs.",
                    },
                    "wrong-name": {
                        "text": "João’s card has the name of his brother. The office refused to look at it again.",
                        "feedback": "A correction costs nothing, and can be asked for again.",
                    },
                },
                "choices": _texts(
                    appeal="An appeal", copy="A copy", correction="A correction", refund="A refund"
                ),
            },
            "ar": {
                "stem": "ما أول ما ينبغي أن يطلبه هذا الشخص من المكتب؟",
                "theme": "طلبات إلى مكتب",
                "items": {
                    "lost-card": {
                        "text": "فقدت أمينة بطاقة المياه حين غمرت السيول بيتها. اسمها في السجل.",
                        "feedback": "في السجل كل ما تحتاج إليه النسخة.",
                    },
                    "wrong-name": {
                        "text": "على بطاقة جواو اسم أخيه. رفض المكتب أن ينظر فيها مرة أخرى.",
                        "feedback": "التصحيح مجاني، ويمكن طلبه مرة أخرى.",
                    },
                },
                "choices": _texts(appeal="تظلم", copy="نسخة", correction="تصحيح", refund="استرداد المبلغ"),
            },
        },
    ),
    (
        "how-a-rule-is-made",
        "ordering",
        "second",
        ORDERING,
        {
            "en": {
                "stem": "Put the steps of making a rule in order.",
                "items": _texts(
                    draft="Write a draft in plain words",
                    consult="Ask the people whom the rule will bind, and write down what they say",
                    publish="Publish the rule in the register",
                    review="Look after a year whether it works",
                ),
                "feedback": {"correct": "Right.", "wrong": "Read again how rules are made."},
            },
            "ar": {
                "stem": "رتب خطوات وضع القاعدة.",
                "items": _texts(
                    draft="كتابة مسودة بكلمات بسيطة",
                    consult="سؤال من ستلزمهم القاعدة وتدوين ما يقولون",
                    publish="نشر القاعدة في السجل",
                    review="النظر بعد سنة فيما إذا كانت نافعة",
                ),
                "feedback": {"correct": "صحيح.", "wrong": "اقرأ مرة أخرى كيف توضع القواعد."},
            },
        },
    ),
]
RIGHT = {
    "matching": MATCHING["pairs"],
    "extended": EXTENDED["pairs"],
    "ordering": {"draft": "1", "consult": "2", "publish": "3", "review": "4"},
}
