"""Filter patterns of CloudWatch Logs, as far as the endpoints under test need them: neither matches them by itself.

`{ ($.a = "x*") && ($.b.c != 5 || $.d EXISTS) }`, plain terms and quoted phrases. Anything else raises, so that no test rests on a
pattern that was not understood.
"""

import fnmatch
import json
import re

TOKEN = re.compile(r'\s*(&&|\|\||[()]|!=|>=|<=|=|>|<|"(?:[^"\\]|\\.)*"|[^\s()=<>!&|]+)')
MISSING = object()


def matches(pattern, message):
    pattern = (pattern or "").strip()
    if not pattern:
        return True
    if not pattern.startswith("{"):
        return all(term.strip('"') in message for term in re.findall(r'"[^"]+"|\S+', pattern))
    if not pattern.endswith("}"):
        raise ValueError(f"unbalanced filter pattern: {pattern}")
    test = _Parser(pattern[1:-1]).parse()
    try:
        document = json.loads(message)
    except ValueError:
        return False
    return isinstance(document, (dict, list)) and test(document)


class _Parser:
    def __init__(self, text):
        self.text = text
        self.tokens = TOKEN.findall(text)
        if "".join(self.tokens) != re.sub(r"\s", "", text) and '"' not in text:
            raise ValueError(f"filter pattern not understood: {text}")

    def parse(self):
        test = self._either()
        if self.tokens:
            raise ValueError(f"filter pattern not understood: {self.text}")
        return test

    def _either(self):
        tests = [self._both()]
        while self._take("||"):
            tests.append(self._both())
        return lambda document: any(test(document) for test in tests)

    def _both(self):
        tests = [self._one()]
        while self._take("&&"):
            tests.append(self._one())
        return lambda document: all(test(document) for test in tests)

    def _one(self):
        if self._take("("):
            test = self._either()
            if not self._take(")"):
                raise ValueError(f"unbalanced filter pattern: {self.text}")
            return test
        selector = self._next()
        operator = self._next()
        if operator == "EXISTS":
            return lambda document: _select(document, selector) is not MISSING
        if operator == "NOT" and self._take("EXISTS"):
            return lambda document: _select(document, selector) is MISSING
        operand = self._next()
        return lambda document: _compare(_select(document, selector), operator, operand)

    def _take(self, token):
        if self.tokens and self.tokens[0] == token:
            self.tokens.pop(0)
            return True
        return False

    def _next(self):
        if not self.tokens:
            raise ValueError(f"filter pattern ends too soon: {self.text}")
        return self.tokens.pop(0)


def _select(document, selector):
    if not selector.startswith("$."):
        raise ValueError(f"not a selector: {selector}")
    for name in selector[2:].split("."):
        if not isinstance(document, dict) or name not in document:
            return MISSING
        document = document[name]
    return document


def _compare(value, operator, operand):
    if value is MISSING or value is None:
        return False
    if operator in ("=", "!="):
        wanted = json.loads(operand) if operand.startswith('"') else operand
        text = str(value).lower() if isinstance(value, bool) else str(value)
        equal = fnmatch.fnmatchcase(text, re.sub(r"([\[?])", r"[\1]", wanted))
        return equal == (operator == "=")
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    number = float(operand)
    return {">": value > number, ">=": value >= number, "<": value < number, "<=": value <= number}[operator]
