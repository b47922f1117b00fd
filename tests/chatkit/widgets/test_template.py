import json
from pathlib import Path
from typing import Any

import jinja2
import pytest
from pydantic import BaseModel, ValidationError

from chatkit_app.chatkit.widgets import BasicRoot, DynamicWidgetRoot, Template, WidgetTemplate

LIST = """{"type":"Card","children":[
{%- set _c -%}
  {%- for item in items -%},{"type":"Text","value":{{ (item.name) | tojson }}}{%- endfor -%}
{%- endset -%}
{{ _c[1:] if _c and _c[0] == ',' else _c }}
]}"""


class Item(BaseModel):
    name: str


class Items(BaseModel):
    items: list[Item]


def definition(template: object = '{"type":"Card","children":[]}', **more: Any) -> dict[str, Any]:
    return {"version": "1.0", "name": "sample", "template": template, **more}


def test_a_template_fills_its_holes_with_data() -> None:
    template = WidgetTemplate(definition(LIST))
    built = template.build({"items": [{"name": "a"}, {"name": "</b> \"'&"}]})
    assert type(built) is DynamicWidgetRoot
    assert built.model_dump(exclude_none=True) == {
        "type": "Card",
        "children": [{"type": "Text", "value": "a"}, {"type": "Text", "value": "</b> \"'&"}],
    }


@pytest.mark.parametrize("sandboxed", [True, False])
def test_models_are_data_as_a_whole_and_inside_a_dict(sandboxed: bool) -> None:
    template = WidgetTemplate(definition(LIST), sandboxed=sandboxed)
    whole = template.build(Items(items=[Item(name="a")]))
    assert template.build(data={"items": [Item(name="a")]}) == whole
    assert isinstance(whole.children, list)
    assert len(whole.children) == 1


def test_a_definition_is_described_by_its_attributes() -> None:
    template = WidgetTemplate(definition(jsonSchema={"type": "object"}, outputJsonPreview={}, encodedWidget="x"))
    assert (template.version, template.name, template.data_schema) == ("1.0", "sample", {"type": "object"})
    assert isinstance(template.template, Template)
    assert WidgetTemplate(definition()).data_schema == {}


def test_a_compiled_template_is_taken_as_it_is() -> None:
    compiled = Template('{"type":"Card","title":"{{ title }}"}')
    template = WidgetTemplate(definition(compiled))
    assert template.template is compiled
    assert template.build({"title": "t"}).title == "t"  # type: ignore[attr-defined]


@pytest.mark.parametrize("missing", ["version", "name", "template"])
def test_a_definition_without_a_required_key_is_refused_by_name(missing: str) -> None:
    with pytest.raises(KeyError, match=missing):
        WidgetTemplate({key: value for key, value in definition().items() if key != missing})


def test_another_version_is_refused() -> None:
    with pytest.raises(ValueError, match=r"'2\.0'"):
        WidgetTemplate({**definition(), "version": "2.0"})


def test_a_relative_file_lies_beside_the_source_that_asks_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    template = WidgetTemplate.from_file("greeting.widget")
    built = template.build({"name": "Ada"})
    assert built.model_dump(exclude_none=True)["children"][0] == {"type": "Text", "value": "Hello Ada"}


def test_an_absolute_file_is_read_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "ü.widget"
    path.write_text(json.dumps(definition('{"type":"Basic","word":"é"}'), ensure_ascii=False), encoding="utf-8")
    assert WidgetTemplate.from_file(str(path)).build().word == "é"  # type: ignore[attr-defined]


def test_a_missing_variable_is_an_error_wherever_it_stands() -> None:
    with pytest.raises(jinja2.UndefinedError, match="who"):
        WidgetTemplate(definition('{"type":"Card","title":"{{ who }}"}')).build()
    with pytest.raises(TypeError):
        WidgetTemplate(definition('{"type":"Card","title":{{ who | tojson }}}')).build()


def test_output_that_is_no_json_names_the_template() -> None:
    with pytest.raises(json.JSONDecodeError, match="sample"):
        WidgetTemplate(definition("{oops")).build()


def test_output_that_is_no_widget_is_refused() -> None:
    with pytest.raises(ValidationError):
        WidgetTemplate(definition('{"type":"Text","value":"x"}')).build()


def test_row_23_a_conditional_child_may_render_to_null() -> None:
    source = '{"type":"Card","children":[{% if shown %}{"type":"Divider"}{% else %}null{% endif %}]}'
    template = WidgetTemplate(definition(source))
    assert template.build({"shown": False}).children == []
    assert template.build({"shown": True}).model_dump(exclude_none=True)["children"] == [{"type": "Divider"}]


def test_basic_roots_are_built_like_others_and_by_the_deprecated_name() -> None:
    template = WidgetTemplate(definition('{"type":"Basic","gap":2,"children":[]}'))
    assert type(template.build()) is DynamicWidgetRoot
    message = r"WidgetTemplate\.build_basic is deprecated\. Use WidgetTemplate\.build instead\."
    with pytest.warns(DeprecationWarning, match=message):
        basic = template.build_basic()
    assert type(basic) is BasicRoot
    with pytest.warns(DeprecationWarning), pytest.raises(ValidationError):
        WidgetTemplate(definition()).build_basic()


ESCAPE = definition('{"type":"Card","title":{{ (item.__class__.__mro__ | string) | tojson }}}')


def test_a_template_cannot_reach_into_python_unless_it_is_trusted() -> None:
    with pytest.raises((jinja2.exceptions.SecurityError, jinja2.UndefinedError)):
        WidgetTemplate(ESCAPE).build({"item": Item(name="a")})
    assert "Item" in WidgetTemplate(ESCAPE, sandboxed=False).build({"item": Item(name="a")}).title  # type: ignore[attr-defined]
