using System.Security.Cryptography;
using System.Text;

namespace Automation.Lab.Report.Html;

/// <summary>What the page does beyond showing itself: values and the time under the pointer.</summary>
internal static class PageScript
{
    private const string Code = """
        'use strict';
        for (const svg of document.querySelectorAll('svg.timeline')) {
          const number = name => Number(svg.dataset[name]);
          const [left, right, from, to] = ['left', 'right', 'from', 'to'].map(number);
          const cross = svg.querySelector('.cross');
          const series = [...svg.querySelectorAll('.data')].map(g => ({
            name: g.dataset.name,
            points: g.dataset.points.split(';').filter(Boolean).map(p => { const at = p.indexOf('='); return [Number(p.slice(0, at)), p.slice(at + 1)]; }),
          }));
          const tip = document.createElement('div');
          tip.className = 'tip';
          tip.hidden = true;
          svg.parentElement.append(tip);
          const clock = s => Math.floor(s / 60) + ':' + (s % 60).toFixed(1).padStart(4, '0');
          const nearest = (points, at) => {
            let [low, high] = [0, points.length - 1];
            while (low < high) { const middle = (low + high) >> 1; if (points[middle][0] < at) low = middle + 1; else high = middle; }
            return low > 0 && at - points[low - 1][0] < points[low][0] - at ? points[low - 1] : points[low];
          };
          svg.addEventListener('pointermove', e => {
            const x = new DOMPoint(e.clientX, e.clientY).matrixTransform(svg.getScreenCTM().inverse()).x;
            const outside = x < left || x > right;
            svg.classList.toggle('pointed', !outside);
            tip.hidden = outside;
            if (outside) return;
            const at = from + (x - left) / (right - left) * (to - from);
            cross.setAttribute('transform', `translate(${x} 0)`);
            const lines = series.filter(s => s.points.length > 0).map(s => [s.name, nearest(s.points, at)])
              .filter(([, p]) => Math.abs(p[0] - at) < Math.max(2, (to - from) / 60));
            tip.replaceChildren();
            const time = document.createElement('b');
            time.textContent = clock(at);
            tip.append(time);
            for (const [name, p] of lines) {
              const line = document.createElement('div');
              const value = document.createElement('span');
              value.textContent = p[1];
              line.append(name, value);
              tip.append(line);
            }
            const box = svg.parentElement.getBoundingClientRect();
            const room = e.clientX - box.left;
            tip.style.left = (room > box.width / 2 ? room - tip.offsetWidth - 16 : room + 16) + svg.parentElement.scrollLeft + 'px';
            tip.style.top = Math.max(0, e.clientY - box.top - 20) + 'px';
          });
          svg.addEventListener('pointerleave', () => { svg.classList.remove('pointed'); tip.hidden = true; });
        }
        document.documentElement.dataset.script = 'ran';
        """;

    public const string Html = $"<script>{Code}</script>";

    /// <summary>As a content security policy names it.</summary>
    public static string Hash { get; } = "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Code)));
}
