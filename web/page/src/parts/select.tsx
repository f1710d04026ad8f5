// SPDX-License-Identifier: Apache-2.0
export function Select(props: {
  label: string;
  value: string;
  items: [string, string][]; // value, label
  all: string | null; // label of "any"; null: one must be chosen
  choose: (value: string) => void;
}) {
  return (
    <label>
      <span>{props.label}</span>
      <select value={props.value} onChange={(event) => props.choose(event.currentTarget.value)}>
        {props.all !== null && <option value="">{props.all}</option>}
        {props.items.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}
