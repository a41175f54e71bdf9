from __future__ import annotations

from reportkit.sheets import Area, Role, Sheet, Table, Value
from reportkit.tables import find_tables

Rows = list[list[Value]]
NONE = None


def tables(rows: Rows, *merged: tuple[int, int, int, int]) -> tuple[Table, ...]:
    return find_tables(Sheet("s", rows, merged=tuple(Area(*area) for area in merged))).tables


def names(table: Table) -> list[str]:
    return [cell.name for cell in table.header]


def records(table: Table) -> list[int]:
    return table.body["_row"].to_list()


def roles(table: Table) -> dict[int, str]:
    return dict(table.aside.select("_row", "_role").iter_rows())


def test_a_units_row_is_the_headers_and_no_part_of_the_names() -> None:
    (table,) = tables([["地区", "面积", "产量"], [NONE, "亩", "吨"], ["东村", 1, 2], ["西村", 3, 4]])
    assert (table.header_first, table.header_last) == (1, 2)
    assert names(table) == ["地区", "面积", "产量"]
    assert table.notes == ("Row 2 states units, which are no part of the names.",)


def test_a_unit_is_the_name_of_a_column_without_one() -> None:
    (table,) = tables([[NONE, "甲村", "乙村"], ["单位", "户", "户"], ["东", 1, 2], ["西", 3, 4]])
    assert names(table) == ["单位", "甲村", "乙村"]


def test_units_below_one_parent_are_names() -> None:
    rows: Rows = [["姓名", "出生", NONE, NONE], [NONE, "年", "月", "日"], ["张三", 1980, 2, 3], ["李四", 1981, 4, 9]]
    assert names(tables(rows, (1, 1, 2, 1), (1, 2, 1, 4))[0]) == ["姓名", "出生>年", "出生>月", "出生>日"]
    assert names(tables(rows)[0]) == ["姓名", "出生>年", "出生>月", "出生>日"]


def test_a_list_of_units_is_no_units_row() -> None:
    (table,) = tables([["单位", "符号"], ["千克", "kg"], ["米", "m"], ["秒", "s"]])
    assert records(table) == [2, 3, 4]


def test_words_unknown_as_units_are_units_where_one_word_stands_over_figures_throughout() -> None:
    (table,) = tables([["Quarter", "North", "South", "West"], [NONE, *["tankers"] * 3], ["Q1", 3, 9, 4], ["Q2", 5, 1, 7]])
    assert (table.header_last, records(table)) == (2, [3, 4])


def test_the_first_row_of_words_below_a_header_is_not_another_header() -> None:
    (table,) = tables(
        [["姓名", "年龄", "金额"], ["姓名示例", "年龄", "金额"], ["张三", 30, 200], ["李四", 40, 300], ["王五", 50, 100]]
    )
    assert records(table)[-3:] == [3, 4, 5]


def test_a_form_of_names_and_values_is_no_table() -> None:
    assert not tables(
        [["登记表"], ["姓名", "张三", "性别", "男"], ["民族", "汉", "电话", "138"], ["单位", "一中", "职务", "教师"]]
    )


def test_names_and_values_above_a_header_are_texts_above_the_table() -> None:
    (table,) = tables(
        [["户主", "张三", "组别", "三组"], ["姓名", "关系", "年龄", "备注"], ["张三", "户主", 30], ["李四", "妻", 40]]
    )
    assert (table.header_first, [line.text for line in table.above]) == (2, ["户主", "张三", "组别", "三组"])


HEADER: list[Value] = ["序号", "姓名", "年龄", "备注"]


def test_a_page_is_the_same_table_and_its_title_header_again() -> None:
    top: Rows = [["名单"], ["村：东湖", NONE, NONE, "第1页"], HEADER, [1, "甲", 20], [2, "乙", 30]]
    (table,) = tables([*top, ["名单"], ["村：东湖", NONE, NONE, "第2页"], HEADER, [3, "丙", 40], [4, "丁", 50]])
    assert records(table) == [4, 5, 9, 10]
    assert roles(table) == dict.fromkeys((6, 7, 8), Role.HEADER)


def test_the_same_header_under_another_caption_is_another_table_if_the_numbers_begin_again() -> None:
    top: Rows = [["名单"], ["村：东湖"], HEADER, [1, "甲", 20], [2, "乙", 30], ["村：西湖"], HEADER]
    assert [records(table) for table in tables([*top, [1, "丙", 40], [2, "丁", 50]])] == [[4, 5], [8, 9]]
    assert [records(table) for table in tables([*top, [3, "丙", 40], [4, "丁", 50]])] == [[4, 5, 8, 9]]


def test_headings_of_groups_below_one_header_stay_inside() -> None:
    rows: Rows = [
        ["干部名单"],
        ["姓名", "职务", "部门"],
        ["甲", "主任", "党政办"],
        ["乙", "科员", "党政办"],
        ["丙", "科员", "财政所"],
    ]
    (table,) = tables(
        [*rows, [], ["社区干部"], ["丁", "书记"], ["戊", "书记"], ["己", "主任", "东湖"]], (1, 1, 1, 3), (7, 1, 7, 3)
    )
    assert (records(table), roles(table)) == ([3, 4, 5, 8, 9, 10], {7: Role.SECTION})


def test_where_people_sign_below_the_total_is_no_table() -> None:
    (table,) = tables(
        [["序号", "项目", "金额"], [1, "路灯", 100], [2, "环卫", 200], ["合计", NONE, 300], ["审核人", "联系电话", "日期"]]
    )
    assert [line.row for line in table.below] == [5, 5, 5]


def test_halves_below_two_parents_are_two_tables_if_each_is_numbered() -> None:
    numbered: Rows = [["一等奖", NONE, "二等奖"], ["序号", "姓名", "序号", "姓名"], [1, "甲", 1, "乙"], [2, "丙", 2, "丁"]]
    assert [names(table) for table in tables(numbered, (1, 1, 1, 2), (1, 3, 1, 4))] == [
        ["一等奖>序号", "一等奖>姓名"],
        ["二等奖>序号", "二等奖>姓名"],
    ]
    stub: Rows = [["品名", "上年", NONE, "本年"], [NONE, "数量", "金额", "数量", "金额"], ["米", 1, 2, 3, 4], ["面", 1, 2, 3, 4]]
    (table,) = tables(stub, (1, 1, 2, 1), (1, 2, 1, 3), (1, 4, 1, 5))
    assert (names(table)[3], records(table)) == ("本年>数量", [3, 4])


def test_wholes_that_are_compared_are_records_and_the_whole_above_its_parts_is_a_total() -> None:
    (compared,) = tables([["范围", "上年", "本年"], ["全国", 1, 2], ["全省", 3, 4], ["全市", 5, 7]])
    assert records(compared) == [2, 3, 4]
    (parts,) = tables([["地区", "上年", "本年"], ["全县", 4, 6], ["东镇", 1, 2], ["西镇", 3, 4]])
    assert roles(parts) == {2: Role.TOTAL}


def test_totals_are_known_in_traditional_and_english_words() -> None:
    for word in ("合　計", "總計", "Grand Total", "County total", "All districts", "Total, 2023", "全县 Total"):
        (table,) = tables([["名称", "数量"], ["甲", 10], ["乙", 25], [word, 36]])
        assert roles(table) == {4: Role.TOTAL}, word


def test_dates_in_a_column_of_dates_are_no_signature() -> None:
    (table,) = tables([["姓名", "入党时间"], ["甲", "2001年5月"], ["乙", "2002年5月"], ["丙", "2003年5月"]])
    assert records(table) == [2, 3, 4]


def test_days_and_months_in_line_name_columns() -> None:
    (table,) = tables(
        [["品名", "2024-01-01", "2024-01-08", "2024-01-15"], ["大米", 3, 5, 4], ["面粉", 2, 7, 4], ["油", 50, 60, 52]]
    )
    assert (table.header_first, records(table)) == (1, [2, 3, 4])


def test_a_table_of_figures_alone_is_read_in_one_pass() -> None:
    rows: Rows = [["日期", "收入", "支出"], *[[20240101 + n, n % 7, n % 5 + 3] for n in range(30_000)]]
    assert tables(rows)[0].body.height == 30_000


def test_columns_with_an_empty_one_between_each_are_one_table() -> None:
    (table,) = tables(
        [["姓名", NONE, "电话", NONE, "住址"], ["甲", NONE, "138", NONE, "东湖"], ["乙", NONE, "139", NONE, "西湖"]]
    )
    assert [name for name in names(table) if name] == ["姓名", "电话", "住址"]


def test_known_and_unknown_names_in_turn_above_places_and_persons_are_a_header() -> None:
    (table,) = tables([["村名", "农户", "组", "网格长"], ["东湖村", "甲", "三组", "乙"], ["西湖村", "丙", "二组", "丁"]])
    assert records(table) == [2, 3]


def test_other_years_over_the_same_stub_are_another_table() -> None:
    rows: Rows = [["指标", 2015, 2016, 2017], ["人口", 31, 32, 33], ["户数", 11, 12, 14], ["耕地", 7, 7, 6]]
    found = tables([*rows, ["指标", 2018, 2019, 2020], ["人口", 34, 35, 33], ["户数", 15, 17, 14], ["耕地", 5, 5, 6]])
    assert [names(table)[1] for table in found] == ["2015", "2018"]


def test_records_of_years_are_no_header() -> None:
    (table,) = tables([["名称", "建成年份", "改造年份"], ["甲房", 1998, 2005], ["乙房", 1999, 2006], ["丙房", 2001, 2011]])
    assert records(table) == [2, 3, 4]


def test_in_text_files_merging_is_gone_and_an_only_child_stands_below_its_parent() -> None:
    rows: Rows = [["序号", "签约服务", "年龄", "健康评估", "", "签约服务"], ["", "家庭医生", "", "高血压", "糖尿病", "医生电话"]]
    (table,) = tables([*rows, ["1", "甲", "70", "是", "否", "13800000001"], ["2", "乙", "81", "否", "否", "13800000002"]])
    assert names(table) == ["序号", "签约服务>家庭医生", "年龄", "健康评估>高血压", "健康评估>糖尿病", "签约服务>医生电话"]
    assert records(table) == [3, 4]
