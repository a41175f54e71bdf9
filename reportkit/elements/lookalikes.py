"""Chinese characters that are taken for one another by the eye, on paper, in a scan or on a keyboard by strokes; general knowledge."""

from __future__ import annotations

from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING

from reportkit import arrays as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


_GROUPS = """
    已己巳 末未朱 日曰目 戊戌戍成 王玉主壬 士土 侯候 冶治 析折拆 崔催 人入八 干千于 大太犬 天夫 刀力 田由甲申 午牛 贝见 毛手 木本 今令 乌鸟 免兔
    代伐 住佳往 佳桂 科料 历厉 厂广 凤风 亨享 宣宜 拔拨 刑邢 材村 枝技 杨扬 汤场 晴睛情 晓哓 清请晴 靖静 芳方 芬芳 荣莹 莉利 丽俪 玲铃 琳林 珊册
    环坏 瑞端 瑶遥 璐露 辉晖挥 耀跃 明朋 朋鹏 昌冒 星皇 春舂 晨辰 曼蔓 志忘 忠患 恩思 惠慧 怡恰 恒桓 悦说 伟炜玮纬 建健键 俊峻竣骏浚 彬杉 文丈 军车
    平乎 强弦 刚钢纲岗 锋峰烽蜂 铭名 海梅 涛滔 洪供 洁沽 润闰 源原 鸿鸡 江红 河何 泽择 凯铠 凡几 庆床 廷延 彤形 影彭 徐除涂 陈阵 阴阳 郑邓 邹邻 祝视
    禄录 秀秃 秋秒 程秤 孟盂 宁丁 安宴 宋宗 宏宠 容客 尚向 岳兵 崇祟 付什 任仕 余佘 傅博溥 冷泠 凌陵 卜下 卞下 史吏 姚桃 姜美 娄楼 婷停 屈届 张弘 戚威
    曹曾 季李 杏李 柏拍 柯何 栾峦 梁粱 斌武 沈沉 沙少 温湿 湛谌 滕腾 潘播 甘廿 白百 皮波 石右 管菅 米来 粟栗 纪记 胡湖 苗茁 范苑 茅矛 荆刑 葛蔼 薄簿 贺货
    贾贸 赖懒 赵起 谷各 迟尺 连莲 邱丘 郎朗 郝赫 郭廓 闫闰 闻间 阮院 陶掏 靳勒 项顷 高亮 魏巍 鲁鱼 鲍抱 丛从 买卖 丙内 兴举 冉再 古吉 圆园 坤绅 如茹 妍研
    婉碗 子孑 存孝 学字 守宇宁 宝实 振震 松柏 永水 波泼 洋详 浩洁 淑叔 爽夹 玮炜 珍诊 珠殊 琪棋 瑜渝 益盖 真直 社杜 祥详 竹付 素索 红江 绍给 艳绝 良艮 苏办
    英莫 萍苹 蓉荣 裴斐 诚城 贵责 迎仰 金全 银根 钰玉 锐悦 雅稚 雪雷 霞霍 青清 顺须 香番 鑫金
"""
_SHIFT = 21


def alike(one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether characters, as code points, are commonly taken for one another."""
    return np.asarray(np.isin(np.minimum(one, other) << _SHIFT | np.maximum(one, other), _pairs()), dtype=np.bool_)


@cache
def _pairs() -> NDArray[np.int64]:
    """Both code points of each pair in one number, in order."""
    known = {min(ord(a), ord(b)) << _SHIFT | max(ord(a), ord(b)) for group in _GROUPS.split() for a, b in combinations(group, 2)}
    return np.array(sorted(known))
