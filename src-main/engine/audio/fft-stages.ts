/**
 * Butterflies of the Stockham FFT. Each pass reads one pair of arrays and writes the other:
 * out[q + s(p·i + k)] = w^(i·k) Σ_r in[q + s(i + m·r)] · exp(-2πi·r·k/p), with p the radix,
 * m the groups, s the stride and w = exp(-2πi / (p·m)).
 */

export interface FftStage {
  readonly radix: number;
  /** Length of the transforms that remain after this stage. */
  readonly groups: number;
  /** Product of the radices of earlier stages. */
  readonly stride: number;
  /** `[groups, radix]`: real part of w^(i·k). */
  readonly cos: Float64Array;
  /** `[groups, radix]`: imaginary part of w^(i·k). */
  readonly sin: Float64Array;
  readonly run: Butterfly;
}

type Butterfly = (
  stage: FftStage,
  re: Float64Array,
  im: Float64Array,
  outRe: Float64Array,
  outIm: Float64Array,
) => void;

export const butterfly2: Butterfly = ({ groups, stride, cos, sin }, re, im, outRe, outIm) => {
  const half = stride * groups;
  for (let i = 0; i < groups; i++) {
    const c = cos[2 * i + 1] as number;
    const s = sin[2 * i + 1] as number;
    for (let q = 0; q < stride; q++) {
      const from = q + stride * i;
      const to = q + stride * 2 * i;
      const aRe = re[from] as number;
      const aIm = im[from] as number;
      const bRe = re[from + half] as number;
      const bIm = im[from + half] as number;
      const dRe = aRe - bRe;
      const dIm = aIm - bIm;
      outRe[to] = aRe + bRe;
      outIm[to] = aIm + bIm;
      outRe[to + stride] = dRe * c - dIm * s;
      outIm[to + stride] = dRe * s + dIm * c;
    }
  }
};

export const butterfly4: Butterfly = ({ groups, stride, cos, sin }, re, im, outRe, outIm) => {
  const quarter = stride * groups;
  for (let i = 0; i < groups; i++) {
    const c1 = cos[4 * i + 1] as number;
    const s1 = sin[4 * i + 1] as number;
    const c2 = cos[4 * i + 2] as number;
    const s2 = sin[4 * i + 2] as number;
    const c3 = cos[4 * i + 3] as number;
    const s3 = sin[4 * i + 3] as number;
    for (let q = 0; q < stride; q++) {
      const from = q + stride * i;
      const to = q + stride * 4 * i;
      const aRe = re[from] as number;
      const aIm = im[from] as number;
      const bRe = re[from + quarter] as number;
      const bIm = im[from + quarter] as number;
      const cRe = re[from + 2 * quarter] as number;
      const cIm = im[from + 2 * quarter] as number;
      const dRe = re[from + 3 * quarter] as number;
      const dIm = im[from + 3 * quarter] as number;
      const acRe = aRe + cRe;
      const acIm = aIm + cIm;
      const bdRe = bRe + dRe;
      const bdIm = bIm + dIm;
      const eRe = aRe - cRe;
      const eIm = aIm - cIm;
      const fRe = bRe - dRe;
      const fIm = bIm - dIm;
      outRe[to] = acRe + bdRe;
      outIm[to] = acIm + bdIm;
      // Multiplying by -i turns (x, y) into (y, -x).
      const uRe = eRe + fIm;
      const uIm = eIm - fRe;
      outRe[to + stride] = uRe * c1 - uIm * s1;
      outIm[to + stride] = uRe * s1 + uIm * c1;
      const vRe = acRe - bdRe;
      const vIm = acIm - bdIm;
      outRe[to + 2 * stride] = vRe * c2 - vIm * s2;
      outIm[to + 2 * stride] = vRe * s2 + vIm * c2;
      const wRe = eRe - fIm;
      const wIm = eIm + fRe;
      outRe[to + 3 * stride] = wRe * c3 - wIm * s3;
      outIm[to + 3 * stride] = wRe * s3 + wIm * c3;
    }
  }
};

const C1 = Math.cos((2 * Math.PI) / 5);
const C2 = Math.cos((4 * Math.PI) / 5);
const S1 = Math.sin((2 * Math.PI) / 5);
const S2 = Math.sin((4 * Math.PI) / 5);

export const butterfly5: Butterfly = ({ groups, stride, cos, sin }, re, im, outRe, outIm) => {
  const fifth = stride * groups;
  for (let i = 0; i < groups; i++) {
    const w = 5 * i;
    for (let q = 0; q < stride; q++) {
      const from = q + stride * i;
      const to = q + stride * 5 * i;
      const aRe = re[from] as number;
      const aIm = im[from] as number;
      const sum1Re = (re[from + fifth] as number) + (re[from + 4 * fifth] as number);
      const sum1Im = (im[from + fifth] as number) + (im[from + 4 * fifth] as number);
      const dif1Re = (re[from + fifth] as number) - (re[from + 4 * fifth] as number);
      const dif1Im = (im[from + fifth] as number) - (im[from + 4 * fifth] as number);
      const sum2Re = (re[from + 2 * fifth] as number) + (re[from + 3 * fifth] as number);
      const sum2Im = (im[from + 2 * fifth] as number) + (im[from + 3 * fifth] as number);
      const dif2Re = (re[from + 2 * fifth] as number) - (re[from + 3 * fifth] as number);
      const dif2Im = (im[from + 2 * fifth] as number) - (im[from + 3 * fifth] as number);
      const e1Re = aRe + C1 * sum1Re + C2 * sum2Re;
      const e1Im = aIm + C1 * sum1Im + C2 * sum2Im;
      const e2Re = aRe + C2 * sum1Re + C1 * sum2Re;
      const e2Im = aIm + C2 * sum1Im + C1 * sum2Im;
      const o1Re = S1 * dif1Re + S2 * dif2Re;
      const o1Im = S1 * dif1Im + S2 * dif2Im;
      const o2Re = S2 * dif1Re - S1 * dif2Re;
      const o2Im = S2 * dif1Im - S1 * dif2Im;
      outRe[to] = aRe + sum1Re + sum2Re;
      outIm[to] = aIm + sum1Im + sum2Im;
      turn(e1Re + o1Im, e1Im - o1Re, w + 1, to + stride);
      turn(e2Re + o2Im, e2Im - o2Re, w + 2, to + 2 * stride);
      turn(e2Re - o2Im, e2Im + o2Re, w + 3, to + 3 * stride);
      turn(e1Re - o1Im, e1Im + o1Re, w + 4, to + 4 * stride);
    }
  }

  function turn(x: number, y: number, k: number, to: number): void {
    const c = cos[k] as number;
    const s = sin[k] as number;
    outRe[to] = x * c - y * s;
    outIm[to] = x * s + y * c;
  }
};

/** Any radix, by the defining sum. */
export const butterflyAny: Butterfly = (stage, re, im, outRe, outIm) => {
  const { radix, groups, stride, cos, sin } = stage;
  for (let i = 0; i < groups; i++) {
    for (let q = 0; q < stride; q++) {
      for (let k = 0; k < radix; k++) {
        let x = 0;
        let y = 0;
        for (let r = 0; r < radix; r++) {
          const angle = (-2 * Math.PI * ((r * k) % radix)) / radix;
          const from = q + stride * (i + groups * r);
          const a = re[from] as number;
          const b = im[from] as number;
          x += a * Math.cos(angle) - b * Math.sin(angle);
          y += a * Math.sin(angle) + b * Math.cos(angle);
        }
        const c = cos[radix * i + k] as number;
        const s = sin[radix * i + k] as number;
        outRe[q + stride * (radix * i + k)] = x * c - y * s;
        outIm[q + stride * (radix * i + k)] = x * s + y * c;
      }
    }
  }
};
