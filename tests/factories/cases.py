"""A branching case as people write it, in English and Arabic."""

CASE = {
    "first": "complaint",
    "steps": {
        "complaint": {
            "kind": "single",
            "choices": ["ask", "switch-off", "ignore"],
            "correct": ["ask"],
            "credit": {"switch-off": 50},
            "weight": 2,
            "next": {"ask": "records", "switch-off": "records", "ignore": "newspaper"},
        },
        "records": {
            "kind": "multiple",
            "choices": ["log", "rule", "opinion"],
            "correct": ["log", "rule"],
            "next": "decide",
        },
        "newspaper": {"kind": "truefalse", "correct": ["false"], "next": "decide"},
        "decide": {"kind": "shorttext", "next": "end"},
    },
}
PERFECT = {"complaint": "ask", "records": "log,rule", "decide": "appeal"}

WORDS = {
    "en": {
        "stem": "A farmer complains about a decision of the water office of Kilele.",
        "steps": {
            "complaint": {
                "facts": "Amina’s field gets no water this week. The letter says that a computer decided so.\n"
                "She comes to the office with the letter.",
                "stem": "What does the office do first?",
                "choices": {
                    "ask": {"text": "Ask for the reasons", "feedback": "Reasons come first."},
                    "switch-off": {
                        "text": "Switch the system off",
                        "feedback": "This can be defended, but others lose their water.",
                    },
                    "ignore": {"text": "Wait until next week", "feedback": "A field cannot wait."},
                },
            },
            "records": {
                "facts": "The supplier sends a file of nine pages about the system.",
                "stem": "Which parts of it show why the system decided so?",
                "choices": {
                    "log": {"text": "The log of this decision", "feedback": "It says what was entered."},
                    "rule": {"text": "The rule that was used", "feedback": "It says what follows."},
                    "opinion": {"text": "Opinions of customers", "feedback": "They explain nothing."},
                },
            },
            "newspaper": {
                "facts": "A newspaper reports on the dry field.",
                "stem": "Only the supplier has to explain the decision now.",
                "choices": {
                    "true": {"feedback": "The office stays responsible."},
                    "false": {"feedback": "The office has to explain it."},
                },
            },
            "decide": {
                "facts": "The rule was wrong for small fields. Amina wants the decision changed.",
                "stem": "What can she file? One word.",
                "accepted": ["appeal"],
                "feedback": {"correct": "A person then decides again.", "wrong": "Read again who decides."},
            },
        },
    },
    "ar": {
        "stem": "مزارعة تشكو من قرار لمكتب المياه في كيليلي.",
        "steps": {
            "complaint": {
                "facts": "لا يصل الماء إلى حقل أمينة هذا الأسبوع. تقول الرسالة إن حاسوبا قرر ذلك.\n"
                "تأتي إلى المكتب ومعها الرسالة.",
                "stem": "ما أول ما يفعله المكتب؟",
                "choices": {
                    "ask": {"text": "يسأل عن الأسباب", "feedback": "الأسباب أولا."},
                    "switch-off": {
                        "text": "يوقف النظام",
                        "feedback": "يمكن الدفاع عن هذا، لكن آخرين يفقدون ماءهم.",
                    },
                    "ignore": {"text": "ينتظر إلى الأسبوع القادم", "feedback": "الحقل لا ينتظر."},
                },
            },
            "records": {
                "facts": "يرسل المورد ملفا من تسع صفحات عن النظام.",
                "stem": "أي أجزائه تبين سبب القرار؟",
                "choices": {
                    "log": {"text": "سجل هذا القرار", "feedback": "فيه ما أدخل."},
                    "rule": {"text": "القاعدة المستعملة", "feedback": "فيها ما ينتج."},
                    "opinion": {"text": "آراء الزبائن", "feedback": "لا تفسر شيئا."},
                },
            },
            "newspaper": {
                "facts": "صحيفة تكتب عن الحقل الجاف.",
                "stem": "على المورد وحده أن يفسر القرار الآن.",
                "choices": {
                    "true": {"feedback": "المكتب يبقى مسؤولا."},
                    "false": {"feedback": "على المكتب أن يفسره."},
                },
            },
            "decide": {
                "facts": "كانت القاعدة خاطئة للحقول الصغيرة. تريد أمينة تغيير القرار.",
                "stem": "ماذا تستطيع أن تقدم؟ كلمة واحدة.",
                "accepted": ["طعن"],
                "feedback": {"correct": "عندئذ يقرر إنسان من جديد.", "wrong": "اقرأ ثانية من يقرر."},
            },
        },
    },
}

# As `QUESTIONS` of `tests.factories.curriculum`.
QUESTIONS = [("dry-field", "case", "first", CASE, WORDS)]

STEP_WORDS = {
    "complaint": ("Amina’s field", "What does the office do", "Ask for the reasons", "Switch the system off"),
    "records": ("nine pages", "Which parts of it", "The log of this", "The rule that", "Opinions of"),
    "newspaper": ("A newspaper", "Only the supplier"),
    "decide": ("wrong for small fields", "What can she file", "appeal"),
}
"""Words of each step, which are nowhere else."""
FEEDBACK = (
    "Reasons come",
    "can be defended",
    "cannot wait",
    "what was entered",
    "what follows",
    "explain nothing",
)
