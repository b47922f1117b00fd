"""Arithmetic that cannot do anything else: no names, no calls, no number without bounds."""

import ast
import math
import operator
from collections.abc import Callable
from typing import Any

_LONGEST = 200
_MOST_DIGITS = 1000


def evaluate(expression: str) -> int | float:
    """The value of an expression of numbers, parentheses and + - * / // % ** (`^` is read as a power).

    Raises ValueError for anything else, for more than 200 characters and for a power of more than 1,000 digits;
    ArithmeticError (ZeroDivisionError, OverflowError) where the arithmetic itself fails.
    """
    if len(expression) > _LONGEST:
        raise ValueError(f"it has more than {_LONGEST} characters")
    try:
        tree = ast.parse(expression.strip().replace("^", "**"), mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise ValueError("it is not an arithmetic expression") from None
    return _round(_value(tree.body))


def _value(node: ast.expr) -> int | float:
    match node:
        case ast.Constant(value=(int() | float()) as number) if not isinstance(number, bool):
            return number
        case ast.UnaryOp(op=op, operand=operand) if sign := _SIGNS.get(type(op)):
            return sign(_value(operand))
        case ast.BinOp(left=left, op=op, right=right) if combine := _OPERATORS.get(type(op)):
            return combine(_value(left), _value(right))
    raise ValueError("only numbers, parentheses and + - * / // % ** are allowed")


def _power(base: float, exponent: float) -> int | float:
    if abs(exponent) * len(str(base)) > _MOST_DIGITS:
        raise ValueError("the power is too large")
    if base < 0 and exponent != int(exponent):
        raise ValueError("a root of a negative number is not a real number")
    result: int | float = base**exponent
    return result


def _round(number: int | float) -> int | float:
    # 0.1 + 0.2 is 0.3 to a reader; the last binary digits are noise.
    if isinstance(number, int):
        return number
    if not math.isfinite(number):
        raise OverflowError("the number is too large")
    return float(f"{number:.12g}")


_SIGNS: dict[type[ast.unaryop], Callable[[int | float], int | float]] = {ast.USub: operator.neg, ast.UAdd: operator.pos}
_OPERATORS: dict[type[ast.operator], Callable[[Any, Any], int | float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: _power,
}
