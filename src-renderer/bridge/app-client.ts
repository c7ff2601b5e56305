/** The contract as a client: the only way in which the screens reach the application. */

import type { ContractRouterClient } from '@orpc/contract';
import type { appContract } from '../../src-main/contract/app-contract.ts';

export type AppClient = ContractRouterClient<typeof appContract>;
