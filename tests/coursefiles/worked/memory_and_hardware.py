"""How each number that the module on memory and hardware works out follows from the inputs that it states.

WORKED lists (where, printed text, function). `where` is "<lesson>", "<lesson>/<practice key>",
"banks/<question key>", "worksheets/<key>" or "figures/<key>". The last number in the printed text is the result.
"""

GB = 10**9
GIB = 2**30
MIB = 2**20
KIB = 2**10
Q8 = 8.50
Q5 = 5.70
Q4 = 4.89  # bits per parameter, Q4_K_M
Q2 = 3.16
LLAMA8 = 14.96 * GIB / 2  # parameters, from the published 16-bit file
DDR4 = 3200e6 * 8 / GB  # GB/s of one channel
DDR5 = 5600e6 * 8 / GB


def size(billions, bits=Q4):
    """Weights in GB."""
    return billions * bits / 8


def gib(gigabytes):
    return gigabytes * GB / GIB


def cache(layers, heads, dim=128, number=2):
    """Bytes of key and value for one token."""
    return 2 * layers * heads * dim * number


def latent(layers, values, number=2):
    return layers * values * number


LLAMA_CACHE = cache(32, 8)
W8 = 4.58 * GIB / GB  # published file, in GB
SYSTEM, PROGRAMS, OVERHEAD = 3.0, 2.2, 1.5


def cache_gib(per_token, tokens, users=1):
    return per_token * tokens * users / GIB


def osendi(tokens, weights=4.58, per_token=LLAMA_CACHE):
    """The five lines on the office PC, GiB."""
    return weights + cache_gib(per_token, tokens) + OVERHEAD + SYSTEM + PROGRAMS


def kwh(watts, hours):
    return watts * hours / 1000


def letter(price_in, price_out, tokens_in=1500, tokens_out=300):
    return (tokens_in * price_in + tokens_out * price_out) / 1e6


FLASH = letter(0.30, 1.20)
PRO = letter(1.32, 3.96)
LETTERS = 60 * 22
HOURS = 8 * 22
USED = 400 / 36 + kwh(250, HOURS) * 0.20
OWN = kwh(65, HOURS) * 0.20

QWEN_PUBLISHED = {
    1: 15947,
    6144: 16811,
    14336: 17963,
    30720: 20267,
}  # input tokens: MB, Qwen3-8B, BF16, Transformers


def qwen_table():
    """Rows of (input tokens, published MB, added MiB, computed), the first published figure taken as the start."""
    per_token = cache(36, 8)
    start = QWEN_PUBLISHED[1]
    return [
        (tokens, published, (tokens - 1) * per_token / MIB, start + (tokens - 1) * per_token / MIB)
        for tokens, published in QWEN_PUBLISHED.items()
    ]


def classes():
    """Rows of (machine, model, GiB needed, GiB of the memory): each class of lesson 5 under the five lines."""
    k = KIB
    return [
        ("Raspberry Pi 5, 16 GB", "4B", gib(size(4)) + cache_gib(144 * k, 8192) + 1.5 + 1.0, 16),
        ("Raspberry Pi 5, 16 GB", "8B", 4.58 + cache_gib(128 * k, 8192) + 1.5 + 1.0, 16),
        ("Office PC, 16 GB", "8B", osendi(8192), 16),
        ("PC, 32 GB", "30B-A3B", gib(size(30.5)) + cache_gib(96 * k, 8192) + 1.5 + 3.0 + 2.2, 32),
        ("RTX 3060, 12 GB", "8B", 4.58 + cache_gib(128 * k, 8192) + 1.5, 12),
        ("RTX 3060, 12 GB", "14B", gib(size(14.8)) + cache_gib(160 * k, 8192) + 1.5, 12),
        ("RTX 4090, 24 GB", "14B", gib(size(14.8)) + cache_gib(160 * k, 8192) + 1.5, 24),
        ("RTX 4090, 24 GB", "30B-A3B", gib(size(30.5)) + cache_gib(96 * k, 8192) + 1.5, 24),
        ("RTX 4090, 24 GB", "32B", gib(size(32.8)) + cache_gib(256 * k, 8192) + 1.5, 24),
        ("H100, 80 GB", "70B", gib(size(70.6)) + cache_gib(320 * k, 8192) + 1.5, gib(80)),
    ]


LETTER = W8 + 128 * KIB * 1800 / GB  # GB read for a token of a letter of 1,800 tokens
Q = qwen_table()
w1, w2, w3, w4, w5 = (
    "memory-of-weights",
    "memory-of-context",
    "does-it-fit",
    "speed-has-a-ceiling",
    "choosing-hardware",
)
p = "worksheets/deployment-sizing"

WORKED = [
    (w1, "8 × 16 ÷ 8 = 16", lambda: size(8, 16)),
    (w1, "16.06 GB", lambda: 14.96 * GIB / GB),
    (w1, "8.03 billion", lambda: LLAMA8 / 1e9),
    (w1, "GB ÷ 1.074", lambda: GIB / GB),
    (w1, "1 [GiB](glossary:gibibyte) = 1,073,741,824", lambda: 1024**3),
    (w1, "17.2 GB", lambda: 16 * GIB / GB),
    (w1, "8.03 × 4.89 ÷ 8 = 4.91", lambda: size(8.03)),
    (w1, "| 4.57", lambda: gib(size(8.03))),
    (w1, "30.5 × 4.89 ÷ 8 = 18.6", lambda: size(30.5)),
    (w1, "| 17.4", lambda: gib(size(30.5))),
    (w1, "70.6 × 4.89 ÷ 8 = 43.2", lambda: size(70.6)),
    (w1, "| 40.2", lambda: gib(size(70.6))),
    (w1, "4.9 × 8 = 39.2", lambda: 4.9 * 8),
    (w1, "19,600 seconds", lambda: 4.9 * 8e9 / 2e6),
    (w1, "5.4 hours", lambda: 4.9 * 8e9 / 2e6 / 3600),
    (w1 + "/weights-fourteen", "7.4 GB", lambda: size(14.8, 4)),
    (w1 + "/weights-fourteen", "6.9 GiB", lambda: gib(size(14.8, 4))),
    (w1 + "/weights-fourteen", "14.8 × 4.89 ÷ 8 = 9.0", lambda: size(14.8)),
    (w1 + "/weights-fourteen", "9.0 ÷ 1.074 = 8.4", lambda: gib(9.0)),
    (w1 + "/weights-fourteen", "9.7 GiB", lambda: 9.0 * 1.074),
    (w1 + "/two-bits", "1.6 GiB", lambda: 4.58 - 2.95),
    (w2 + "/recall-gib", "8.6 ÷ 1.074 = 8.0", lambda: 8.6 / 1.074),
    (w2 + "/recall-gib", "'9.2'", lambda: 8.6 * 1.074),
    (w2 + "/recall-gib", "'1.1'", lambda: 8.6 / 8),
    (w2, "| Llama-3.1-8B | 32 | 8 | 128 | 128", lambda: LLAMA_CACHE / KIB),
    (w2, "| Qwen2.5-7B | 28 | 4 | 128 | 56", lambda: cache(28, 4) / KIB),
    (w2, "| Qwen3-4B | 36 | 8 | 128 | 144", lambda: cache(36, 8) / KIB),
    (w2, "| Qwen3-8B | 36 | 8 | 128 | 144", lambda: cache(36, 8) / KIB),
    (w2, "2,560 ÷ 32 = 80", lambda: 2560 / 32),
    (w2, "128 KiB per token instead of 512", lambda: cache(32, 32) / KIB),
    (w2, "512 + 64 = 576", lambda: 512 + 64),
    (w2, "61 × 576 × 2 bytes = 68.6", lambda: latent(61, 576) / KIB),
    (w2, "40 KiB instead", lambda: cache(10, 8) / KIB),
    (w2, "instead of 320", lambda: cache(80, 8) / KIB),
    (w2, "For 8,192 tokens that is 1.0", lambda: cache_gib(LLAMA_CACHE, 8192)),
    (w2, "for 32,768 it is 4.0", lambda: cache_gib(LLAMA_CACHE, 32768)),
    (w2, "131,072 tokens: 16", lambda: cache_gib(LLAMA_CACHE, 131072)),
    (w2, "2 × 36 × 8 × 128 × 2 = 147,456", lambda: cache(36, 8)),
    (w2, "147,456 bytes = 144", lambda: cache(36, 8) / KIB),
    (w2, "6,143 × 144 ÷ 1,024 = 863.9", lambda: Q[1][2]),
    (w2, "14,335 × 144 ÷ 1,024 = 2,015.9", lambda: Q[2][2]),
    (w2, "30,719 × 144 ÷ 1,024 = 4,319.9", lambda: Q[3][2]),
    (w2, "| 16,810.9", lambda: Q[1][3]),
    (w2, "| 17,962.9", lambda: Q[2][3]),
    (w2, "| 20,266.9", lambda: Q[3][3]),
    (w2, "| 6,144 | 16,811", lambda: Q[1][3]),
    (w2, "| 14,336 | 17,963", lambda: Q[2][3]),
    (w2, "| 30,720 | 20,267", lambda: Q[3][3]),
    (w2, "16,853", lambda: 15947 + 6143 * cache(36, 8) / 1e6),
    (w2, "which is 42", lambda: 15947 + 6143 * cache(36, 8) / 1e6 - 16811),
    (w2 + "/cache-three", "0.4 GiB", lambda: cache_gib(cache(28, 8) / 2, 8192)),
    (w2 + "/cache-three", "0.9 GiB", lambda: cache_gib(cache(28, 8), 8192)),
    (w2 + "/cache-three", "2.6 GiB", lambda: cache_gib(cache(28, 24), 8192)),
    (w2 + "/cache-three", "2 × 28 × 8 × 128 × 2 bytes = 112", lambda: cache(28, 8) / KIB),
    (w2 + "/cache-three", "0.875", lambda: cache_gib(cache(28, 8), 8192)),
    (w2 + "/three-people", "3 × 1.0", lambda: cache_gib(LLAMA_CACHE, 8192)),
    (w3, "13.6 GiB", lambda: 16 * 0.85),
    (w3, "410 GB", lambda: size(671)),
    (w3, "| 128 KiB × 8,192 | 1.00", lambda: cache_gib(LLAMA_CACHE, 8192)),
    (w3, "**12.28", lambda: osendi(8192)),
    (w3, "with 1.3 GiB", lambda: 16 * 0.85 - osendi(8192)),
    (w3, "The cache becomes 4.00", lambda: cache_gib(LLAMA_CACHE, 32768)),
    (w3, "the sum 15.28", lambda: osendi(32768)),
    (w3, "the cache is 2.00", lambda: cache_gib(LLAMA_CACHE, 16384)),
    (w3, "the sum 13.28", lambda: osendi(16384)),
    (w3, "free 3.72", lambda: 16 - osendi(8192)),
    (w3, "230 × 4.89 ÷ 8 = 140.6", lambda: size(230)),
    (w3, "the limit is 6.8", lambda: 8 * 0.85),
    (w3, "would take 6.7", lambda: OVERHEAD + SYSTEM + PROGRAMS),
    (w3, "1.5 + 3.0 = 4.5", lambda: OVERHEAD + SYSTEM),
    (w3, "Qwen3-1.7B (112", lambda: cache(28, 8) / KIB),
    (w3, "0.97", lambda: gib(size(1.7))),
    (w3, "0.97 + 0.44", lambda: cache_gib(112 * KIB, 4096)),
    (w3, "4.5 = 5.91", lambda: gib(size(1.7)) + cache_gib(112 * KIB, 4096) + OVERHEAD + SYSTEM),
    (w3, "130.9 GiB", lambda: gib(size(230))),
    (w3, "57.5 GB", lambda: size(230, 2)),
    (w3, "53.6 GiB", lambda: gib(size(230, 2))),
    (w3 + "/fourteen-fits", "make 9.7", lambda: 8.4 + cache_gib(160 * KIB, 8192)),
    (w3 + "/fourteen-fits", "add 6.7 GiB", lambda: OVERHEAD + SYSTEM + PROGRAMS),
    (w3 + "/fourteen-fits", "14.2 GiB", lambda: osendi(8192, 8.4, 160 * KIB) - PROGRAMS),
    (w3 + "/fourteen-fits", "16.4 GiB", lambda: osendi(8192, 8.4, 160 * KIB)),
    (w3 + "/fourteen-fits", "8.4 + 1.25", lambda: cache_gib(160 * KIB, 8192)),
    (w3 + "/fourteen-fits", "2.2 = 16.35", lambda: osendi(8192, 8.4, 160 * KIB)),
    (w3 + "/card-says-sixteen", "5.2 GiB", lambda: SYSTEM + PROGRAMS),
    (w4 + "/recall-tight", "15 ÷ 16 is 94", lambda: 15 / 16 * 100),
    (w4, "25.6 GB/s", lambda: DDR4),
    (w4, "so 51.2", lambda: 2 * DDR4),
    (w4, "51.2 ÷ 2 = 25.6", lambda: 2 * DDR4 / 2),
    (w4, "holds 10.4", lambda: 2 * DDR4 / 4.92),
    (w4, "holds 25.6", lambda: 2 * DDR4 / 2),
    (w4, "18.6 GB", lambda: size(30.5)),
    (w4, "36 % smaller", lambda: (1 - 2.95 / 4.58) * 100),
    (w4, "11 % higher", lambda: (80 / 72 - 1) * 100),
    (w4, "238 × 1.5 ÷ 60 = 6.0", lambda: 238 * 1.5 / 60),
    (w4, "100 × 1.5 ÷ 60 = 2.5", lambda: 100 * 1.5 / 60),
    (w4, "4.58 GiB = 4.92", lambda: W8),
    (w4, "51.2 ÷ 4.92 = 10.4", lambda: 51.2 / W8),
    (w4, "1.0 GiB = 1.07", lambda: GIB / GB),
    (w4, "51.2 ÷ (4.92 + 1.07) = 8.5", lambda: 51.2 / (W8 + GIB / GB)),
    (w4, "tokens take 0.24", lambda: 128 * KIB * 1800 / GB),
    (w4, "51.2 ÷ 5.16 = 9.9", lambda: 51.2 / LETTER),
    (w4, "it is 5.0", lambda: 51.2 / LETTER * 0.5),
    (w4, "5.0 to 7.9", lambda: 51.2 / LETTER * 0.8),
    (w4, "1,500 ÷ 30 = 50", lambda: 1500 / 30),
    (w4, "300 ÷ 6 = 50", lambda: 300 / 6),
    (w4, "Together 100", lambda: 1500 / 30 + 300 / 6),
    (w4, "1,200 ÷ 6 = 200", lambda: (300 + 900) / 6),
    (w4, "together 250", lambda: 1500 / 30 + (300 + 900) / 6),
    (w4, "60 letters × 100 = 6,000", lambda: 60 * 100),
    (w4, "or 100 minutes", lambda: 60 * 100 / 60),
    (w4 + "/ceiling-fourteen", "89.6 ÷ 10.2 = 8.8", lambda: 89.6 / (9.0 + 1.2)),
    (w4 + "/ceiling-fourteen", "it is 4.4", lambda: 89.6 / 10.2 * 0.5),
    (w4 + "/ceiling-fourteen", "to 7.0", lambda: 89.6 / 10.2 * 0.8),
    (w4 + "/ceiling-fourteen", "About 75", lambda: 89.6 / 1.2),
    (w4 + "/ceiling-fourteen", "About 9", lambda: 89.6 / 10.2),
    (w5, "| 17 | 7.0", lambda: 17 / size(4)),
    (w5, "| 51.2 | 10.4", lambda: 51.2 / W8),
    (w5, "| 89.6", lambda: 2 * DDR5),
    (w5, "| 89.6 | 44.8", lambda: 2 * DDR5 / 2),
    (w5, "| 360 | 73", lambda: 360 / W8),
    (w5, "| 1,008 | 504", lambda: 1008 / 2),
    (w5, "504; 111", lambda: 1008 / size(14.8)),
    (w5, "| 3,350 | 78", lambda: 3350 / size(70.6)),
    (w5, "3.7 hours", lambda: 240 / 65),
    (w5, "need 1.11", lambda: 1e6 / 3 / 3600 * 12 / 1000),
    (w5, "at 50 needs 1.39", lambda: 1e6 / 50 / 3600 * 250 / 1000),
    (w5, "65 W at 6 need 3.01", lambda: 1e6 / 6 / 3600 * 65 / 1000),
    (w5, "8B fits, at 3.5", lambda: 17 / W8),
    (w5, "60 a day × 22 days = 1,320", lambda: LETTERS),
    (w5, "8 × 22 = 176", lambda: HOURS),
    (w5, "1,000,000 = USD 0.00081", lambda: FLASH),
    (w5, "1,320 × 0.00081 = USD 1.07", lambda: LETTERS * FLASH),
    (w5, "100 seconds = 36.7", lambda: LETTERS * 100 / 3600),
    (w5, "hours: 2.38", lambda: kwh(65, LETTERS * 100 / 3600)),
    (w5, "2.38 kWh × 0.20 = USD 0.48", lambda: kwh(65, LETTERS * 100 / 3600) * 0.20),
    (w5, "65 × 176 ÷ 1,000 = 11.44", lambda: kwh(65, HOURS)),
    (w5, "× 0.20 = USD 2.29", lambda: OWN),
    (w5, "2.29 ÷ 0.00081 = about 2,830", lambda: round(2.29 / 0.00081, -1)),
    (w5, "allow 6,336", lambda: HOURS * 3600 / 100),
    (w5, "36 months: 11.11", lambda: 400 / 36),
    (w5, "250 × 176 ÷ 1,000 = 44", lambda: kwh(250, HOURS)),
    (w5, "44 kWh × 0.20 = 8.80", lambda: kwh(250, HOURS) * 0.20),
    (w5, "Together USD 19.91", lambda: USED),
    (w5, "19.91 ÷ 0.00081 = about 24,600", lambda: round(USED / FLASH, -2)),
    (w5, "Pro costs USD 0.003168", lambda: PRO),
    (w5, "about 6,290", lambda: round(USED / PRO, -1)),
    (w5, "176 × 3.13 = USD 551", lambda: HOURS * 3.13),
    (w5 + "/pi-month", "12 × 720 ÷ 1,000 = 8.64", lambda: kwh(12, 720)),
    (w5 + "/pi-month", "× 0.20 = 1.73", lambda: kwh(12, 720) * 0.20),
    (w5 + "/pi-month", "USD 0.42", lambda: kwh(12, HOURS) * 0.20),
    (w5 + "/pi-month", "Day and night is 720", lambda: 24 * 30),
    (w5 + "/break-even-short", "300 ÷ 30 + 5 = USD 15", lambda: 300 / 30 + 5),
    (w5 + "/break-even-short", "15 ÷ 0.003 = 5,000", lambda: 15 / 0.003),
    (w5 + "/break-even-short", "About 1,670", lambda: round(5 / 0.003, -1)),
    (w5 + "/break-even-short", "About 3,330", lambda: round(10 / 0.003, -1)),
    (w5 + "/buy-or-wait", "under four months at 176", lambda: HOURS),
    ("banks/weights-twelve", "12.2 × 5.70 ÷ 8 = 8.69", lambda: size(12.2, Q5)),
    ("banks/weights-twelve", "12.2 × 5.70 ÷ 8 = 8.7 GB", lambda: size(12.2, Q5)),
    ("banks/weights-twelve", "In GiB it would be 8.1", lambda: gib(size(12.2, Q5))),
    ("banks/weights-twelve", "69.5", lambda: 12.2 * Q5),
    ("banks/weights-twelve", "7.6", lambda: size(12.2, 5)),
    ("banks/two-readings", "5.1 ÷ 1.074 = 4.75", lambda: gib(5.1)),
    ("banks/two-readings", "About 7 %", lambda: (1 - GB / GIB) * 100),
    ("banks/slow-line", "9.0 × 8 = 72", lambda: 9 * 8),
    ("banks/slow-line", "18,000 seconds", lambda: 72e9 / 4e6),
    ("banks/slow-line", "18,000 seconds = 5", lambda: 72e9 / 4e6 / 3600),
    ("banks/slow-line", "0.6", lambda: 9e9 / 4e6 / 3600),
    ("banks/cache-per-token", "2 × 30 × 4 × 128 × 2 = 61,440", lambda: cache(30, 4)),
    ("banks/cache-per-token", "÷ 1,024 = 60", lambda: cache(30, 4) / KIB),
    ("banks/cache-per-token", "KiB. 30", lambda: cache(30, 4) / 2 / KIB),
    ("banks/cache-per-token", "240", lambda: cache(30, 16) / KIB),
    ("banks/latent-cache", "40 × 576 × 2 = 46,080", lambda: latent(40, 576)),
    ("banks/latent-cache", "÷ 1,024 = 45", lambda: latent(40, 576) / KIB),
    ("banks/latent-cache", "doubling to 90", lambda: 2 * latent(40, 576) / KIB),
    ("banks/latent-cache", "about 1.1", lambda: latent(1, 576) / KIB),
    ("banks/full-sum", "56 KiB × 16,384 = 917,504", lambda: 56 * 16384),
    ("banks/full-sum", "917,504 KiB = 0.875", lambda: cache_gib(56 * KIB, 16384)),
    ("banks/full-sum", "11.775", lambda: 4.4 + cache_gib(56 * KIB, 16384) + 1.5 + 2.9 + 2.1),
    ("banks/full-sum", "2.1 = 11.8", lambda: 11.775),
    ("banks/full-sum", "10.9", lambda: 11.775 - 0.875),
    ("banks/full-sum", "9.7", lambda: 11.775 - 2.1),
    ("banks/full-sum", "6.8", lambda: 11.775 - 2.1 - 2.9),
    ("banks/how-many-users", "85 % of 24 is 20.4", lambda: 24 * 0.85),
    ("banks/how-many-users", "sum is 17.5", lambda: 13.0 + 1.5 + 3.0),
    ("banks/how-many-users", "so 2.9", lambda: 24 * 0.85 - 17.5),
    ("banks/how-many-users", "two would take 3.0", lambda: 2 * 1.5),
    ("banks/how-many-users", "one user (1.5", lambda: 1.5 * int((24 * 0.85 - 17.5) / 1.5)),
    ("banks/how-many-users", "(3.0). 4", lambda: int((24 - 17.5) / 1.5)),
    ("banks/how-many-users", "margin; 3", lambda: int((24 * 0.85 - 14.5) / 1.5)),
    ("banks/monday-slow", "saves 1.6", lambda: 4.58 - 2.95),
    ("banks/monday-slow", "leaves 14.6", lambda: 16.2 - 1.6),
    ("banks/monday-slow", "falls to 1.0", lambda: cache_gib(4.0 * GIB / 32768, 8192)),
    ("banks/monday-slow", "sum to 13.2", lambda: 16.2 - 4.0 + 1.0),
    ("banks/monday-slow", "below 13.6", lambda: 16 * 0.85),
    ("banks/read-from-disk", "230 × 2.00 ÷ 8 = 57.5", lambda: size(230, 2)),
    ("banks/read-from-disk", "53.6", lambda: gib(size(230, 2))),
    ("banks/read-from-disk", "10 × 4.89 ÷ 8 is 6.1", lambda: size(10)),
    ("banks/read-from-disk", "140.6", lambda: size(230)),
    ("banks/read-from-disk", "17.4", lambda: gib(size(30.5))),
    ("banks/ceiling-nine", "120 ÷ (5.4 + 0.6) = 20", lambda: 120 / 6.0),
    ("banks/ceiling-nine", "22.2", lambda: 120 / 5.4),
    ("banks/one-module", "ceiling of 5.2", lambda: DDR4 / 4.92),
    ("banks/one-module", "51.2 ÷ 4.92 = 10.4", lambda: 2 * DDR4 / 4.92),
    ("banks/one-module", "25.6 ÷ 3.95 = 6.5", lambda: DDR4 / 3.95),
    ("banks/two-that-fit", "14.8 × 4.89 ÷ 8 = 9.0", lambda: size(14.8)),
    ("banks/two-that-fit", "3.3 × 4.89 ÷ 8 = 2.0", lambda: size(3.3)),
    ("banks/two-that-fit", "token: 44.8", lambda: 89.6 / 2),
    ("banks/two-that-fit", "against 10.0", lambda: 89.6 / 9.0),
    ("banks/fewer-kv-heads", "7.6 ÷ 8.2 = 0.93", lambda: 7.6 / 8.2),
    ("banks/fewer-kv-heads", "so 56", lambda: cache(28, 4) / KIB),
    ("banks/fewer-kv-heads", "instead of 144", lambda: cache(36, 8) / KIB),
    ("banks/read-from-disk", "is up to 12", lambda: 6.1 / 0.5),
    ("banks/two-that-fit", "about 4.5", lambda: 9.0 / 2),
    ("banks/share-of-ceiling", "15", lambda: 30 * 0.5),
    ("banks/share-of-ceiling", "to 24", lambda: 30 * 0.8),
    ("banks/month-of-power", "40 × 720 ÷ 1,000 = 28.8", lambda: kwh(40, 720)),
    ("banks/month-of-power", "28.8 × 0.25 = 7.20", lambda: kwh(40, 720) * 0.25),
    ("banks/month-of-power", "24 × 30 = 720", lambda: 24 * 30),
    ("banks/month-of-power", "0.24 counts", lambda: kwh(40, 24) * 0.25),
    ("banks/break-even-letters", "540 ÷ 36 = 15", lambda: 540 / 36),
    ("banks/break-even-letters", "15 + 6 = 21", lambda: 540 / 36 + 6),
    ("banks/break-even-letters", "21 ÷ 0.0014 = 15,000", lambda: 21 / 0.0014),
    ("banks/break-even-letters", "4,286", lambda: 6 / 0.0014),
    ("banks/break-even-letters", "10,714", lambda: 15 / 0.0014),
    ("banks/cheaper-service", "USD 1.60", lambda: 2 - 0.40),
    (p, "2.20 = 12.28", lambda: osendi(8192)),
    (p, "limit 13.6", lambda: 16 * 0.85),
    (p, "4.92 + 0.24 = 5.16", lambda: 4.92 + 0.24),
    (p, "GB; 9.9", lambda: 51.2 / LETTER),
    (p, "; 5.0", lambda: 51.2 / LETTER * 0.5),
    (p, "to 7.9", lambda: 51.2 / LETTER * 0.8),
    (p, "USD 2.29", lambda: OWN),
    (p, "USD 0.00081", lambda: FLASH),
    (p, "about 2,830", lambda: round(2.29 / 0.00081, -1)),
    (p, "has 1,320", lambda: LETTERS),
    (p, "2.5", lambda: 100 * 1.5 / 60),
    (p, "2.5 to 6", lambda: 238 * 1.5 / 60),
    ("figures/memory-of-the-pc", ">12.28", lambda: osendi(8192)),
    ("figures/memory-of-the-pc", ">3.72", lambda: 16 - osendi(8192)),
    ("figures/memory-of-the-pc", "limit 13.6", lambda: 16 * 0.85),
    ("figures/bytes-through-the-pipe", "at most 10.4", lambda: 2 * DDR4 / 4.92),
    ("figures/bytes-through-the-pipe", "at most 25.6", lambda: 2 * DDR4 / 2),
    ("figures/bytes-through-the-pipe", "stores 18.6", lambda: size(30.5)),
]
