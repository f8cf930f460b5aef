declare module "subset-font" {
  type Axis = number | { min: number; max: number; default: number };
  type Options = { targetFormat?: "sfnt" | "woff" | "woff2" | "truetype"; variationAxes?: Record<string, Axis> };
  export default function subsetFont(font: Uint8Array, letters: string, options?: Options): Promise<Uint8Array>;
}
