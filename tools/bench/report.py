"""The table that a run prints."""


class Table:
    """Figures beside their floors."""

    def __init__(self, options):
        self._head = f'database {options.database}, {options.number} per case, {options.concurrency} clients at once'
        self._rows = []

    def add(self, name, value, floor=None, unit='ms', aim=''):
        """One figure.

        :param floor: what the bare parts took, in the same unit
        :param aim: what is aimed at, in words
        """
        self._rows.append((name, value, floor, unit, aim))
        ratio = f', floor {floor:.2f} {unit}, {value / floor:.1f} times' if floor else ''
        print(f'{name}: {value:.2f} {unit}{ratio}', flush=True)

    def __str__(self):
        lines = ['', self._head, f'{"figure":44} {"value":>10} {"floor":>10} {"ratio":>7}  aim']
        for name, value, floor, unit, aim in self._rows:
            below = f'{floor:10.2f} {value / floor:6.1f}x' if floor else f'{"":10} {"":7}'
            lines.append(f'{name + " (" + unit + ")":44} {value:10.2f} {below}  {aim}')
        return '\n'.join(lines)
