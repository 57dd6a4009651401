const codes = {
  bold: [1, 22],
  dim: [2, 22],
  underline: [4, 24],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
} as const;

export type Style = keyof typeof codes;

/** Gives text the looks of a terminal, or leaves it alone. */
export interface Paint {
  style(style: Style, text: string): string;
}

/** Paint for a terminal (`colour`) or for anything else. */
export function paint(colour: boolean): Paint {
  return {
    style: (style, text) => {
      if (!colour || text === '') return text;
      const [on, off] = codes[style];
      return `\u001b[${on}m${text}\u001b[${off}m`;
    },
  };
}
