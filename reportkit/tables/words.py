"""Everyday words and shapes of cells by which a reader tells headers, totals, footers and values apart."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache


class Kind(IntEnum):
    """What a cell looks like: nothing, words, or a value (number, date, code, a dash for "none")."""

    BLANK = 0
    TEXT = 1
    VALUE = 2


_SPACE = re.compile(r"[\s\u200b\u200c\u200d\u2060\ufeff]+")

_DIGIT = "0-9０-９"
_VALUE = re.compile(
    rf"""
    [(（]?[-+−~≈<>≥≤＞＜]?[¥￥$€£]?[{_DIGIT}.．][{_DIGIT},，.．':：/／\-–—−~～xX*+%％‰]*            # numbers, dates, ids
        (?:[TtZ]?[{_DIGIT}:.]+)?(?:万|亿|千)?[元人户岁年月日号时分秒天㎡个件次台套只头亩吨]?[)）]?
    | [{_DIGIT}]{{2,4}}年[{_DIGIT}]{{1,2}}月(?:[{_DIGIT}]{{1,2}}[日号])?(?:[{_DIGIT}:：时分秒]*)
    | [〇○零一二三四五六七八九]{{4}}年.{{0,8}}
    | [-—–－―_/／\\]+
    | \#(?:REF|DIV/0|N/A|VALUE|NAME|NUM|NULL|SPILL|CALC)[!?]?
    | TRUE | FALSE
    """,
    re.VERBOSE,
)
_CODE = re.compile(r"(?=(?:[^0-9]*[0-9]){4})[A-Z0-9*\-]{7,}")
_ZERO = re.compile(
    r"[-+]?[0０]+(?:[.．][0０]*)?%?|\#(?:REF|DIV/0|N/A|VALUE|NAME|NUM|NULL)[!?]?|FALSE|1899-12-3[01].*|1900-01-0[01].*|-+"
)
_NUMBER = re.compile(r"[-+]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?|[-+]?[0-9]+(?:\.[0-9]*)?")
_RUNNING = re.compile(r"(?:No\.?)?[0-9]{1,6}[.、)]?|[①-⑳]", re.IGNORECASE)

_PREFIX = r"(?:本|全|各|以上|按)?[\w()（）]{0,12}?"
_TOTAL = re.compile(
    r"(?:(?:本|全|以上)?[\w()（）、]{0,10})?(?:合计|总计|共计|累计|总和|汇总合计)(?:[人户数金额件个面积()（）元]*)?(?:[:：(（].*|[0-9].*)?|合|计|总|共|合计.*"
    r"|(?:grand)?totals?:?|sum:?|total[(:：].*|overalltotal",
    re.IGNORECASE,
)
_SUBTOTAL = re.compile(
    r".{0,16}小计(?:[(（:：].*|[0-9]*[人户件个元]*)|.{0,10}本页(?:合计|小计).*|sub-?totals?:?.{0,20}", re.IGNORECASE
)
_MEAN = re.compile(r".{0,8}(?:平均|均值|均分|平均分|平均值|平均数)|average:?|mean:?|avg\.?:?", re.IGNORECASE)

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
    r"|账号|账户|卡号|开户行|银行|证号|号码|代码|编码|邮编|人|者|负责人|法人|户主|关系|籍贯|政治面貌|党派|婚姻|健康|村|组|镇|乡|县|市|省|区|街道|社区|镇街|小区|项目|指标|科目|课程|成绩|分数|得分|排名|名次|是否.*|有无.*|签字|签名|来源|去向|用途|范围|对象|目标|进度|时段|星期|周[一二三四五六日]|星期[一二三四五六日天]|[0-9]{1,2}月|(?:19|20)[0-9]{2}年?度?)"
    r"|(?:no|id|name|date|time|type|code|number|amount|total|price|cost|unit|address|phone|email|sex|gender|age|status|title|description|remarks?|notes?|country|region|year|month|value|category|quantity|qty|rate|count)s?",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"[(（\[【〔].*?[)）\]】〕]")
_UNIT = re.compile(
    r"[(（\[]?(?:单位[:：])?(?:万|亿|千|百|平方|立方|千瓦)?(?:元|人|户|人次|户次|个|件|次|项|岁|周岁|天|日|月|年|小时|分钟|分|吨|公斤|千克|斤|克|亩|公顷|平方米|平米|立方米|米|公里|千米|㎡|m2|m²|m³|m3|m|km|km2|kg|t|g|mm|cm|hm2|kw|kwh|套|台|辆|只|头|羽|株|棵|张|份|本|家|所|座|处|栋|幢|间|床|%|％|‰|℃|usd|rmb|cny)"
    r"(?:[/／·每](?:月|年|天|日|人|户|亩|次|㎡|m2|m²|平方米|吨|公斤|斤|个|件|人·月|人月|套|公顷|km2|kw))*[)）\]]?|[-—–/]+",
    re.IGNORECASE,
)
_INDEX = re.compile(r"[甲乙丙丁戊己庚辛]|[(（]?[0-9]{1,3}[)）]?(?:=.*)?|[A-Z]|[-—]+|栏次|行次|栏号")
_SECTION = re.compile(
    r"[(（]?[一二三四五六七八九十]{1,3}[)）、.．]\s*\S.*|第[一二三四五六七八九十0-9]{1,3}(?:组|村|部分|类|批|章|节|片区|网格).*|[(（][0-9]{1,2}[)）].*|.*[:：]|[IVX]{1,4}[.、].*"
)
_STUB = re.compile(r"指标.*|项目|项目名称|类别|分类|名称|栏目|科目|内容|指标名称|统计项目|甲")


@lru_cache(maxsize=65536)
def squeeze(text: str) -> str:
    """Without any white space, line breaks and zero-width characters included."""
    return _SPACE.sub("", text)


@lru_cache(maxsize=65536)
def kind_of(text: str) -> Kind:
    """What a text looks like."""
    plain = squeeze(text)
    if not plain:
        return Kind.BLANK
    return Kind.VALUE if _VALUE.fullmatch(plain) or _CODE.fullmatch(plain) else Kind.TEXT


def is_zero(text: str) -> bool:
    """Whether a dragged formula may have left this: 0, an error, a date of day zero."""
    return bool(_ZERO.fullmatch(squeeze(text)))


def is_running(text: str) -> bool:
    """Whether it may be a running number."""
    return bool(_RUNNING.fullmatch(squeeze(text)))


def amount(text: str) -> float | None:
    """The number that a plain figure states; None for anything else."""
    plain = squeeze(text)
    return float(plain.replace(",", "")) if _NUMBER.fullmatch(plain) else None


@lru_cache(maxsize=4096)
def sum_word(text: str) -> str:
    """``total``, ``subtotal`` or ``mean`` for the label of such a row, else ""."""
    plain = squeeze(text).strip("*：:—-")
    if not 0 < len(plain) <= 30:
        return ""
    for word, pattern in (("mean", _MEAN), ("subtotal", _SUBTOTAL), ("total", _TOTAL)):
        if pattern.fullmatch(plain):
            return word
    return ""


@lru_cache(maxsize=4096)
def is_foot(text: str) -> bool:
    """Whether it reads like a signature, a note or a date below a table."""
    return bool(_FOOT.fullmatch(squeeze(text)))


@lru_cache(maxsize=4096)
def is_keyvalue(text: str) -> bool:
    """Whether it reads like 填报单位：… above a table."""
    return bool(_KEYVALUE.fullmatch(squeeze(text)))


@lru_cache(maxsize=4096)
def is_title(text: str) -> bool:
    """Whether it reads like the title of a table."""
    return bool(_TITLE.fullmatch(squeeze(text)))


@lru_cache(maxsize=4096)
def is_field(text: str) -> bool:
    """Whether it ends as names of fields do: 号, 姓名, 日期, 金额."""
    plain = _BRACKET.sub("", squeeze(text)).strip("*:：.。、")
    if not 0 < len(plain) <= 24:
        return False
    return any(_FIELD.fullmatch(plain, start) for start in range(len(plain)))


def is_unit(text: str) -> bool:
    """Whether it is a unit of measure alone: 元, (万元), ㎡."""
    return bool(_UNIT.fullmatch(squeeze(text)))


def is_index(text: str) -> bool:
    """Whether it numbers a column of a statistics form: 甲, 1, (3)=(1)+(2)."""
    return bool(_INDEX.fullmatch(squeeze(text)))


@lru_cache(maxsize=4096)
def is_section(text: str) -> bool:
    """Whether it is numbered or ended as the heading of a group: 一、某村, 第二组."""
    return bool(_SECTION.fullmatch(squeeze(text)))


def is_year(text: str) -> bool:
    """Whether it may be a year."""
    plain = squeeze(text)
    return len(plain) == 4 and plain.isdigit() and 1900 <= int(plain) <= 2100
