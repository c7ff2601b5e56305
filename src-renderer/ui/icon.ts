import type { LucideProps } from '@lucide/svelte';
import type { Component } from 'svelte';

/** A picture from @lucide/svelte; the same line, drawn at any size. */
export type Icon = Component<LucideProps>;
