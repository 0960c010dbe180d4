import type { Cell, MakeCell } from './items';

class ReactiveCell<T> implements Cell<T> {
  // Raw: values are replaced whole, and proxies over 20,000 items would cost more than the items.
  value: T;

  constructor(initial: T) {
    this.value = $state.raw(initial);
  }
}

export const reactiveCell: MakeCell = (value) => new ReactiveCell(value);
