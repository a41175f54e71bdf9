"""Everyday words by which a reader tells names of fields, titles, footers, units and headings of groups apart."""

from __future__ import annotations

import re
from functools import lru_cache

from reportkit.tables.values import fold

_FOOT = re.compile(
    r"(?:单位|部门|村|镇|社区|分管|主要|项目|财务|统计)?(?:填表|制表|审核|审批|复核|核对|填报|经办|编制|记录|登记|汇总|主管|负责|联系|统计|报送|校对|监督|签发|批准|收款|领款|会计|出纳)(?:人员|人|单位|者|部门|领导)?(?:签字|签名|签章|盖章|电话)?[(（]?[^:：]{0,8}[)）]?[:：].*"
    r"|(?:备注|附注|说明|注|注意|注意事项|填表说明|填报说明|编制说明|指标解释|备注说明|资料来源|数据来源|来源|note|notes|source|sources|remark|remarks|prepared by|checked by|approved by)[0-9]?[:：.．、].*"
    r"|(?:填表|填报|编制|制表)(?:说明|要求|须知).*|注[0-9一二三四五六七八九十]?[:：.．、\s].*|(?:注|备注|说明|注意事项)"
    r"|(?:填表人|制表人|制表|审核人|审核|负责人|经办人|填报人|单位负责人|分管领导|主要领导|签字|签章|盖章)[:：(（]?.*[:：].*"
    r"|(?:制表|填表|填报|上报|报送)(?:日期|时间)[:：].*"
    r"|(?:本表|此表|以上|该表|上述).{4,}|[(（]?(?:公章|盖章|签章)[)）]?|.*(?:签字|签章|盖章|签名)[)）]?[:：]?\s*"
    r"|\*+[^*].{3,}|※.*|[\d〇零一二三四五六七八九十]{2,4}年[\d一二三四五六七八九十]{0,2}月[\d一二三四五六七八九十]{0,3}日?",
    re.IGNORECASE,
)
_KEYVALUE = re.compile(r".*[:：].*|单位[(（].*|[\d\s]{0,5}年[\d\s]{0,3}月.*", re.DOTALL)
_TITLE = re.compile(
    r".*(?:花名册|名册|台账|统计表|汇总表|明细表|登记表|一览表|情况表|信息表|调查表|公示表|申报表|清单|名单|报表|月报|年报|日报|表|册|汇总|附件|附表|附)[0-9一二三四五六七八九十]{0,2}(?:[(（].*[)）])?"
    r"|附(?:件|表).{0,4}[:：]?.*|.*(?:19|20)[0-9]{2}年.*|.{16,}"
)
_FIELD = re.compile(
    r"(?:序号?|编号|号|名|姓名|名称|标题|性别|年龄|民族|出生|日期|时间|时限|年月|年份|月份|年度|年|月|日|电话|手机|联系方式|方式|地址|住址|地点|位置|坐落|住所|备注|说明|单位|部门|机构|学校|班级|专业|学历|学位|职务|职称|职业|岗位"
    r"|类别|类型|种类|分类|性质|级别|等级|程度|状况|状态|情况|结果|结论|意见|措施|内容|描述|原因|事由|依据|标准|规格|型号|品牌|金额|单价|价格|总价|数量|数|人数|户数|次数|个数|总数|面积|比例|比率|率|占比|合计|小计|总计|工资|补贴|补助|费|税|款|额|量|值"
    r"|备考|氏名|役职|番号|番地|住所|所属|区分|科室|处室|楼栋|房间|寝室|床位|准考证|身份证|证件|职级|职责|简介|要求|条件|经费|资金|预算|决算|收入|支出|余额|结余|库存"
    r"|账号|账户|卡号|开户行|银行|证号|号码|代码|编码|邮编|人|者|负责人|法人|户主|关系|籍贯|政治面貌|党派|婚姻|健康|村|组|镇|乡|县|市|省|区|街道|社区|镇街|小区|项目|指标|科目|课程|成绩|分数|得分|排名|名次|是否.*|有无.*|签字|签名|来源|去向|用途|范围|对象|目标|进度|时段|星期|周[一二三四五六日]|星期[一二三四五六日天]|[0-9]{1,2}月|(?:19|20)[0-9]{2}年?度?)"
)
_FIELD_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
    no id ref name surname date time day week month year quarter period type kind class category group level code number amount sum total
    subtotal price cost value fee tax salary budget actual balance unit units quantity qty rate ratio share percent percentage score rank
    address place location city town village district province county country region area street phone telephone mobile email contact sex
    gender age birth birthday nationality status state title position department office school supplier customer contract project item
    product description details reason result remark remarks note notes comment comments signature person owner officer author source
    population household households men women male female start end from to room
    """,
    )
)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_BRACKET = re.compile(r"[(（\[【〔].*?[)）\]】〕]")
_UNIT = re.compile(
    r"[(（\[]?(?:单位[:：])?(?:万|亿|千|百|百万|千万|十亿|平方|立方|千瓦)?(?:元|円|圆|美元|港元|人|名|户|戸|世带|人次|户次|个|件|次|项|岁|周岁|天|日|月|年|小时|分钟|分|吨|公斤|千克|斤|克|升|毫升"
    r"|亩|公顷|平方米|平米|立方米|米|公里|千米|㎡|m2|m²|m³|m3|m|km|km2|km²|kg|t|g|mm|cm|hm2|ha|kw|kwh|千瓦时|吨标准煤"
    r"|套|台|辆|只|头|羽|株|棵|张|枚|册|份|本|家|所|座|处|栋|幢|间|床|条|根|箱|瓶|袋|盒|包|桶|卷|双|组|块|片|把|支|付|副|对|艘|%|％|‰|℃|usd|rmb|cny|百分点|以.{1,4}为100)"
    r"(?:[/／·每](?:年|月|天|日|人|户|亩|次|㎡|m2|m²|平方米|吨|公斤|斤|个|件|人·月|人月|套|公顷|km2|kw|小时))*[)）\]]?|[-—–/]+"
    r"|[(（](?!(?:[0-9一二三四五六七八九十]+|[a-z])[)）])[^()（）]{1,8}[)）]",
    re.IGNORECASE,
)
_SCALE = r"(?:[0-9][0-9,.]*+|'?000s?|hundred|thousand|million|billion|mn|bn|[km])"
_MEASURE = (
    r"(?:units?|numbers?|households?|families|persons?|people|inhabitants|workers|yuan|rmb|cny|usd|us\$|dollars?|eur|euros?|pounds?|gbp|yen|jpy|tons?|tonnes?|kilograms?"
    r"|kg|g|km2?|km²|ha|hectares?|mu|acres?|sq\.?(?:m|km|ft|mi)|(?:square|cubic)?(?:kilo|centi|milli)?met(?:er|re)s?|lit(?:er|re)s?|per\s?cent|pct|percentage(?:points?)?"
    r"|points?|years?|months?|weeks?|days?|hours?|minutes?|pieces?|pcs|sets?|cases?|times|heads?|kwh|mwh|gwh|mw|tce|dwellings|houses|beds|vehicles|permits)"
)
_ENGLISH_UNIT = re.compile(
    rf"[(\[]?(?:in)?(?:{_SCALE}{{0,2}}(?:of)?{_MEASURE}|{_MEASURE}?{_SCALE}s?|[£$€¥]{_SCALE}?|thousands|millions|billions|%|percentof.{{1,12}}|index)"
    rf"(?:(?:/|per){_SCALE}?(?:{_MEASURE}|capita))*[)\]]?",
    re.IGNORECASE,
)
_INDEX = re.compile(r"[甲乙丙丁戊己庚辛]|[(（]?[0-9]{1,3}[)）]?(?:=.*)?|[A-Z]|[-—]+|栏次|行次|栏号")
_SECTION = re.compile(
    r"[(（]?[一二三四五六七八九十]{1,3}[)）、.．]\s*\S.*|第[一二三四五六七八九十0-9]{1,3}(?:组|村|部分|类|批|章|节|片区|网格).*|[(（][0-9]{1,2}[)）].*|.*[:：]|[IVX]{1,4}[.、].*"
)


@lru_cache(maxsize=4096)
def is_foot(text: str) -> bool:
    """Whether it reads like a signature, a note or a date below a table."""
    return bool(_FOOT.fullmatch(fold(text)))


@lru_cache(maxsize=4096)
def is_keyvalue(text: str) -> bool:
    """Whether it reads like 填报单位：… above a table."""
    return bool(_KEYVALUE.fullmatch(fold(text)))


@lru_cache(maxsize=4096)
def is_title(text: str) -> bool:
    """Whether it reads like the title of a table."""
    return bool(_TITLE.fullmatch(fold(text)))


@lru_cache(maxsize=4096)
def is_field(text: str) -> bool:
    """Whether it ends as names of fields do: 号, 姓名, 日期, 金额."""
    plain = _BRACKET.sub("", fold(text)).strip("*:：.。、")
    if not 0 < len(plain) <= 24:
        return False
    if plain.isascii() and not plain.isdigit():
        return _is_english_field(_BRACKET.sub("", text))
    return any(_FIELD.fullmatch(plain, start) for start in range(len(plain)))


def _is_english_field(text: str) -> bool:
    """Whether the first or the last word is a common one: Start date, Amount due."""
    found = [word.lower() for word in _WORD.findall(text)]
    return len(found) <= 5 and any(
        word in _FIELD_WORDS or word.removesuffix("s") in _FIELD_WORDS for word in (found[:1] + found[-1:])
    )


@lru_cache(maxsize=4096)
def is_unit(text: str) -> bool:
    """Whether it is a unit of measure alone: 元, (万元), ㎡, 10,000 persons."""
    plain = fold(text)
    return bool(_UNIT.fullmatch(plain) or (len(plain) > 1 and plain.isascii() and _ENGLISH_UNIT.fullmatch(plain)))


def is_index(text: str) -> bool:
    """Whether it numbers a column of a statistics form: 甲, 1, (3)=(1)+(2)."""
    return bool(_INDEX.fullmatch(fold(text)))


@lru_cache(maxsize=4096)
def is_section(text: str) -> bool:
    """Whether it is numbered or ended as the heading of a group: 一、某村, 第二组."""
    return bool(_SECTION.fullmatch(fold(text)))
