import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeHtml } from '../../src/lib/e2e/reports/write-html.js';
import { failedReport, greenReport } from './sample-reports.js';

const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium';

describe('the HTML report in a real browser', () => {
  let browser: Browser;
  const folder = mkdtempSync(join(tmpdir(), 'pipectl-html-'));
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: EXECUTABLE,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
  });
  afterAll(() => browser?.close());

  /** Opens a page and watches it: errors, requests, and whether it is wider than a phone. */
  async function open(name: string, html: string, width = 1280) {
    const path = join(folder, name);
    writeFileSync(path, html);
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    const requests: string[] = [];
    const errors: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => errors.push(message.text()));
    await page.goto(pathToFileURL(path).href);
    return { page, requests, errors };
  }

  it('shows the hops, what was lost and why, and asks nobody for anything', async () => {
    const { page, requests, errors } = await open('failed.html', writeHtml([failedReport]));
    expect(errors).toEqual([]);
    expect(requests).toHaveLength(1);
    expect(await page.title()).toBe('pipectl e2e: orders');
    expect(await page.locator('.stage').allInnerTexts()).toEqual([
      expect.stringMatching(/^sent\s+20/),
      expect.stringMatching(/^logged\s+20/),
      expect.stringMatching(/^loaded\s+17/),
    ]);
    expect(await page.locator('.stage.lossy').count()).toBe(1);
    expect(await page.locator('.arrow .bad').innerText()).toBe('3 lost');
    expect(await page.locator('svg').count()).toBe(2);
    expect(await page.locator('pre').first().innerText()).toContain('<script>alert(1)</script>');
    expect(await page.getByText('the table is gone').count()).toBe(1);
    await page.close();
  });

  it('fits a phone', async () => {
    const { page } = await open('phone.html', writeHtml([failedReport]), 390);
    const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    expect(overflow).toBeLessThanOrEqual(0);
    await page.close();
  });

  it('folds several runs, the failed ones open', async () => {
    const { page, errors } = await open('several.html', writeHtml([greenReport, failedReport]));
    expect(errors).toEqual([]);
    expect(await page.locator('details').count()).toBe(2);
    expect(await page.locator('details[open]').count()).toBe(1);
    expect(await page.locator('h1').first().innerText()).toContain('1 failed');
    await page.close();
  });

  it.each(['light', 'dark'] as const)(
    'can be read in %s, each arrow beside the hop that it leads to',
    async (colorScheme) => {
      const { page } = await open('schemes.html', writeHtml([failedReport, greenReport]), 360);
      await page.emulateMedia({ colorScheme });
      const colours = (await page.evaluate(
        '[...document.querySelectorAll(".badge")].map((badge) => [getComputedStyle(badge).color, getComputedStyle(badge).backgroundColor])',
      )) as [string, string][];
      const contrasts = colours.map(([text, ground]) => contrast(text, ground));
      expect(contrasts.length).toBeGreaterThan(2);
      // What WCAG asks of small text.
      for (const each of contrasts) expect(each).toBeGreaterThanOrEqual(4.5);
      const tops = (await page.evaluate(
        '[...document.querySelectorAll("details[open] .leg")].map((leg) => [...leg.children].map((part) => [part.getBoundingClientRect().top, part.getBoundingClientRect().bottom]))',
      )) as [number, number][][];
      expect(tops.length).toBeGreaterThan(1);
      for (const [arrow, stage] of tops) {
        expect(arrow?.[0]).toBeGreaterThanOrEqual(stage?.[0] ?? Number.NaN);
        expect(arrow?.[1]).toBeLessThanOrEqual(stage?.[1] ?? Number.NaN);
      }
      await page.close();
    },
  );
});

/** WCAG's contrast ratio of two colours as a browser computes them, `rgb(1, 2, 3)`. */
function contrast(one: string, other: string): number {
  const luminance = (rgb: string): number => {
    const [r = 0, g = 0, b = 0] = (rgb.match(/\d+/g) ?? []).map((part) => {
      const share = Number(part) / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}
