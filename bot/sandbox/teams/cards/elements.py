"""What a card shows, and what holds it."""

from bot.sandbox.rules import Check, flag, many, number, shape, string, tagged
from bot.sandbox.teams.cards.actions import press, row
from bot.sandbox.teams.cards.inputs import INPUTS
from bot.sandbox.teams.cards.parts import (
    COMMON,
    address,
    anything,
    color,
    count,
    drop,
    either,
    font,
    horizontal,
    later,
    mapping,
    pixels,
    size,
    style,
    text,
    vertical,
    weight,
    word,
)

_shown: dict[str, Check] = {**COMMON, "horizontalAlignment": horizontal, "fallback": either(drop, later(lambda: element))}
_letters: dict[str, Check] = {"size": size, "weight": weight, "color": color, "isSubtle": flag, "fontType": font}
_background = either(
    address, shape({"url": address}, {"fillMode": string(), "horizontalAlignment": horizontal, "verticalAlignment": vertical})
)
_box: dict[str, Check] = {
    **_shown,
    "selectAction": press,
    "style": style,
    "showBorder": flag,
    "roundedCorners": flag,
    "bleed": flag,
    "minHeight": pixels,
}
_holder: dict[str, Check] = {
    **_box,
    "layouts": many(mapping),
    "backgroundImage": _background,
    "verticalContentAlignment": vertical,
    "rtl": flag,
    "maxHeight": pixels,
}
_items = many(later(lambda: element))
_run = either(
    string(1),
    tagged(
        {
            "TextRun": shape(
                {"text": text},
                {
                    **_letters,
                    **dict.fromkeys(("italic", "strikethrough", "highlight", "underline", "isVisible"), flag),
                    "id": text,
                    "lang": string(2),
                    "selectAction": press,
                },
            )
        }
    ),
)
_width = either(word("auto", "stretch"), either(pixels, number(1)))
_column = tagged({"Column": shape({}, {**_holder, "items": _items, "width": _width})})
_cell = tagged({"TableCell": shape({"items": _items}, _holder)})
_aligned: dict[str, Check] = {"horizontalCellContentAlignment": horizontal, "verticalCellContentAlignment": vertical}
_row = tagged(
    {"TableRow": shape({"cells": many(_cell)}, {**_shown, **_aligned, "style": style, "showBorder": flag, "roundedCorners": flag})}
)
_picture: dict[str, Check] = {
    **_shown,
    "altText": string(),
    "backgroundColor": text,
    "style": word("Default", "Person", "RoundedCorners"),
    "size": word("Auto", "Stretch", "Small", "Medium", "Large"),
    "width": either(word("auto", "stretch"), pixels),
    "height": either(word("auto", "stretch"), pixels),
    "selectAction": press,
    "allowExpand": flag,
    "msteams": shape({}, {"allowExpand": flag}),
}
_icon_size = word("xxSmall", "xSmall", "Small", "Standard", "Medium", "Large", "xLarge", "xxLarge")
_image = tagged({"Image": shape({"url": address}, _picture)})

ELEMENTS: dict[str, Check] = {
    "TextBlock": shape(
        {"text": string()}, {**_shown, **_letters, "wrap": flag, "maxLines": count, "style": word("default", "columnHeader", "heading")}
    ),
    "RichTextBlock": shape({"inlines": many(_run, 1)}, _shown),
    "Image": shape({"url": address}, _picture),
    "ImageSet": shape({"images": many(_image, 1)}, {**_shown, "imageSize": word("Small", "Medium", "Large")}),
    "Container": shape({"items": _items}, _holder),
    "ColumnSet": shape({"columns": many(_column, 1)}, _box),
    "FactSet": shape({"facts": many(shape({"title": string(), "value": string()}), 1)}, _shown),
    "ActionSet": shape({"actions": row}, _shown),
    "Table": shape(
        {"columns": many(shape({}, {**_aligned, "width": either(pixels, number(1))}), 1), "rows": many(_row)},
        {
            **_shown,
            **_aligned,
            "style": style,
            "gridStyle": style,
            **dict.fromkeys(("showBorder", "roundedCorners", "firstRowAsHeaders", "showGridLines"), flag),
        },
    ),
    "Icon": shape(
        {"name": text}, {**_shown, "size": _icon_size, "style": word("Regular", "Filled"), "color": color, "selectAction": press}
    ),
    "CodeBlock": shape({"codeSnippet": text}, {**_shown, "language": string(1), "startLineNumber": number(1)}),
    "Rating": shape(
        {"value": number(0)},
        {**_shown, "count": count, "max": number(1), "size": word("Medium", "Large"), "color": anything, "style": anything},
    ),
    **INPUTS,
}
element: Check = tagged(ELEMENTS)
