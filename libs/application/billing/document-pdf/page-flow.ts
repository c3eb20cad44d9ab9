/** A part of a document that is on one page. */
export interface Block {
  readonly height: number;
  draw(top: number): void;
}

/** Blocks that follow each other. */
export interface Section {
  readonly blocks: readonly Block[];
  /** Drawn above the first block, and again on every page that the section continues on. */
  readonly heading?: Block;
  /** All blocks are on one page, if they fit on one. */
  readonly isTogether?: boolean;
}

export interface PlacedBlock {
  readonly block: Block;
  readonly top: number;
}

/** The blocks of each page. A block that is higher than a page is alone on its page. */
export function flow(
  sections: readonly Section[],
  top: number,
  bottom: number,
): readonly (readonly PlacedBlock[])[] {
  const pages: PlacedBlock[][] = [[]];
  let y = top;
  const place = (block: Block): void => {
    pages.at(-1)?.push({ block, top: y });
    y += block.height;
  };
  const nextPage = (): void => {
    pages.push([]);
    y = top;
  };
  for (const { blocks, heading, isTogether = false } of sections) {
    const headingHeight = heading?.height ?? 0;
    const all = blocks.reduce((sum, { height }) => sum + height, headingHeight);
    const first = isTogether ? all : headingHeight + (blocks[0]?.height ?? 0);
    if (y > top && y + first > bottom) nextPage();
    if (heading) place(heading);
    for (const [index, block] of blocks.entries()) {
      if (index > 0 && y + block.height > bottom) {
        nextPage();
        if (heading) place(heading);
      }
      place(block);
    }
  }
  return pages;
}
