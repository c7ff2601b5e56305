import { DTYPES, type Dtype, dtypeSchema } from '../../src-main/contract/devices.ts';

/** @throws Error naming the dtypes there are */
export function dtypeOption(text: string): Dtype {
  const dtype = dtypeSchema.safeParse(text);
  if (dtype.success) return dtype.data;
  throw new Error(`--dtype can be ${DTYPES.join(', ')}, not "${text}".`);
}
