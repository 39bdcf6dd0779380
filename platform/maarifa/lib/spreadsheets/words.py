"""Words that stand in the headers of rosters, in the languages of the interface and their neighbours.

They find the header row; what a column means is the matter of who reads the table.
"""

_WORDS = """
name | full name | first name | last name | given name | given names | family name | surname |
middle name | username | user name | user | login | e-mail | email | mail | email address |
mail address | phone | phone number | telephone | mobile | mobile number | cell | whatsapp |
staff number | staff no | staff id | employee number | employee id | student number | student id |
matricule | id | id number | number | no | language | country | city | region | institution |
organisation | organization | ministry | department | unit | position | job title | title | role |
gender | sex | group | cohort | date of birth | certificate name | latin name | notes | comments |
nom | prénom | prénoms | nom complet | nom de famille | nom et prénom | nom et prénoms | courriel |
adresse e-mail | adresse mail | adresse électronique | adresse courriel | mél | téléphone | tél |
portable | numéro | numéro de téléphone | numéro d'agent | n° | identifiant | langue | pays |
ville | région | établissement | organisme | ministère | service | direction | unité | fonction |
poste | genre | sexe | groupe | cohorte | date de naissance | remarques | observations | nombre |
nombres | nombre completo | apellido | apellidos | nombre y apellidos | correo |
correo electrónico | teléfono | móvil | celular | número | número de empleado | idioma | país |
ciudad | institución | organización | ministerio | departamento | unidad | cargo | puesto |
género | sexo | grupo | usuario | observaciones | nome | nome completo | sobrenome | apelido |
correio eletrónico | correio eletrônico | telefone | telemóvel | língua | cidade | instituição |
organização | ministério | unidade | função | utilizador | usuário | observações | имя | фамилия |
отчество | фио | полное имя | эл. почта | электронная почта | почта | адрес электронной почты |
телефон | мобильный | номер | табельный номер | язык | страна | город | учреждение | организация |
министерство | отдел | подразделение | должность | пол | группа | логин | примечание | الاسم |
اسم | الاسم الكامل | الاسم الأول | اسم العائلة | اللقب | البريد الإلكتروني | البريد |
البريد الالكتروني | الايميل | إيميل | الهاتف | رقم الهاتف | الجوال | رقم الجوال | الموبايل |
الرقم | الرقم الوظيفي | رقم الموظف | اللغة | البلد | الدولة | المدينة | المؤسسة | المنظمة |
الوزارة | القسم | الإدارة | الوحدة | المنصب | الوظيفة | الجنس | المجموعة | ملاحظات | اسم المستخدم |
نام | نام خانوادگی | ایمیل | رایانامه | تلفن | نام اور خاندانی نام | ای میل | فون | فون نمبر | 姓名 |
名字 | 姓 | 名 | 邮箱 | 电子邮箱 | 电子邮件 |
邮件 | 邮箱地址 | 电话 | 手机 | 手机号 | 电话号码 | 工号 | 编号 | 学号 |
语言 | 国家 | 城市 |
单位 | 机构 | 部门 | 职位 | 职务 | 性别 | 组 | 备注 | 用户名 |
jina | jina kamili | jina la kwanza | jina la ukoo |
jina la familia | barua pepe | simu | namba ya simu | nambari ya simu | namba | nambari | lugha |
nchi | mji | taasisi | shirika | wizara | idara | kitengo | cheo | jinsia | kikundi | kundi | नाम |
पूरा नाम | पहला नाम | उपनाम | ईमेल | ई-मेल | ईमेल पता | फ़ोन | फोन | मोबाइल | फ़ोन नंबर |
कर्मचारी संख्या | भाषा | देश | शहर | संस्था | संस्थान | मंत्रालय | विभाग | इकाई | पद | लिंग |
समूह
"""

COMMON_WORDS = frozenset(word.strip() for word in _WORDS.split("|"))
