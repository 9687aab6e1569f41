namespace Automation.Lab.Report.Html;

/// <summary>The look of the page. Colours stay apart for people who do not tell red from green (after Okabe and Ito), and each has a shape or a word beside it.</summary>
internal static class PageStyle
{
    public const string Css = """
        <style>
        :root{--bg:#f3f5f8;--card:#fff;--ink:#18202c;--faint:#5f6b7d;--line:#e3e7ee;--soft:#f6f8fb;--odd:#eef3fa;
          --active:#0072b2;--intx:#e69f00;--idle:#8fbfe0;--other:#a3acba;--in:#0072b2;--refused:#d55e00;--free:#009e73;--accent:#3159c9;
          --event:#7a4fb5;--function:#56789d;--decision:#18202c;--action:#d55e00;--message:#0072b2;--held:#b07d00;--bad:#c2185b;
          --passed:#0b6e4f;--failed:#b3261e}
        @media (prefers-color-scheme:dark){:root{--bg:#0f141b;--card:#171e28;--ink:#e7ecf3;--faint:#9aa7b9;--line:#2b3544;--soft:#1d2531;--odd:#1b2533;
          --active:#4aa8e0;--intx:#f2b632;--idle:#2f6390;--other:#6b7686;--in:#4aa8e0;--refused:#f08a4b;--free:#35c79c;--accent:#8cacff;
          --event:#b997ee;--function:#7f9fc4;--decision:#e7ecf3;--action:#f08a4b;--message:#6bbcf0;--held:#e2b23e;--bad:#f06a9b;
          --passed:#12805d;--failed:#c13a32}}
        *{box-sizing:border-box}
        html{scroll-behavior:smooth}
        body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
        main{max-width:1560px;margin:0 auto;padding:24px 20px 56px}
        header{display:flex;gap:26px;align-items:center;padding:26px 30px;border-radius:16px;color:#fff;background:var(--failed)}
        header.passed{background:linear-gradient(120deg,#0b6e4f,#0a5568)}header.failed{background:linear-gradient(120deg,#b3261e,#7d1e4f)}
        header h1{margin:0;font-size:28px;line-height:1.2}header p{margin:6px 0 0;font-size:16px}header .facts{opacity:.85;font-size:13px;overflow-wrap:anywhere}
        .verdict{font-size:22px;font-weight:800;letter-spacing:.08em;text-transform:uppercase;border:3px solid #fff;border-radius:12px;padding:8px 18px;white-space:nowrap}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(190px,1fr));gap:14px;margin:16px 0}
        .tile,section{background:var(--card);border:1px solid var(--line);border-radius:14px;box-shadow:0 1px 2px rgb(20 30 50/.05)}
        .tile{padding:14px 20px;display:flex;flex-direction:column}.tile b{font-size:32px;line-height:1.25;font-variant-numeric:tabular-nums;letter-spacing:-.01em}
        .tile span,.tile small{color:var(--faint);font-size:13px}
        section{padding:20px 26px 22px;margin:16px 0}
        h2{margin:0 0 12px;font-size:21px;display:flex;align-items:center;flex-wrap:wrap;gap:4px 12px}h2 small{font-size:13px;font-weight:500;color:var(--faint);margin-left:auto}
        h2 small.passed{color:var(--passed)}h2 small.failed{color:var(--failed)}@media (prefers-color-scheme:dark){h2 small.passed{color:var(--free)}h2 small.failed{color:var(--bad)}}
        .part .number,#incidents .number{display:inline-grid;place-items:center;width:28px;height:28px;border-radius:50%;background:var(--accent);color:var(--card);font-size:15px;font-weight:650;flex:none}
        #incidents td{vertical-align:middle}#incidents .number{width:23px;height:23px;font-size:12.5px}#incidents td:first-child{width:1%}#incidents a{color:inherit;font-weight:650;text-decoration:none}#incidents a:hover{text-decoration:underline}
        #incidents .sign{display:inline-grid;width:19px;height:19px;font-size:11px;margin-left:6px;vertical-align:1px}.chip{display:inline-block;margin:1px 14px 1px 0;white-space:nowrap;font-size:13px}
        h3{margin:22px 0 8px;font-size:12.5px;font-weight:700;text-transform:uppercase;letter-spacing:.06em;color:var(--faint)}
        h4{margin:0;font-size:15px;overflow-wrap:anywhere}h4 .faint{font-weight:400;font-size:13px}
        p{margin:4px 0}.about{font-size:16px;max-width:90ch;margin:-4px 0 12px}.faint{color:var(--faint)}p.faint{font-size:13px}code{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
        .chart{position:relative;overflow-x:auto}
        svg.timeline{display:block;width:100%;min-width:1000px;height:auto}
        svg text{font:11.5px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;fill:var(--ink)}
        svg .lane{font-weight:650;font-size:12.5px}svg .unit{fill:var(--faint)}svg .value,svg .operation{text-anchor:end;fill:var(--faint);font-size:11px;font-variant-numeric:tabular-nums}
        svg .tick{text-anchor:middle;fill:var(--faint);font-size:11px;font-variant-numeric:tabular-nums}svg .none{fill:var(--faint);font-style:italic}
        svg path,svg rect,svg circle{vector-effect:non-scaling-stroke}
        svg .grid{stroke:var(--line);fill:none}svg .rule{stroke:var(--line);fill:none;stroke-dasharray:2 3}svg .base{stroke:var(--faint);fill:none;opacity:.6}
        svg .limit{stroke:var(--faint);fill:none;stroke-width:1.4;stroke-dasharray:6 4}svg .of-limit{text-anchor:end;fill:var(--faint);font-size:11px}
        svg .chapter{fill:none}svg .chapter.odd{fill:var(--odd)}
        svg circle.number{fill:var(--accent)}svg text.number{fill:var(--card);text-anchor:middle;font-size:10.5px;font-weight:700}svg .title{font-weight:650;font-size:12px}
        svg .area{stroke:none}svg .line{fill:none;stroke-width:1.8;stroke-linejoin:round}
        .s-active{fill:var(--active);background:var(--active)}.s-intx{fill:var(--intx);background:var(--intx)}.s-idle{fill:var(--idle);background:var(--idle)}.s-other{fill:var(--other);background:var(--other)}
        .s-in{fill:var(--in);background:var(--in)}.s-refused{fill:var(--refused);background:var(--refused)}
        svg .area.s-free{fill:var(--free);opacity:.16}svg .line.s-free{stroke:var(--free);fill:none}
        svg .at{fill:none;stroke-width:1;opacity:.6}svg .at.m-event{stroke:var(--event);stroke-dasharray:2 3}svg .at.m-action{stroke:var(--action);stroke-width:1.6;opacity:.9}
        .moment.m-event{fill:var(--event)}.moment.m-function rect{fill:var(--function)}.moment.m-decision circle{fill:var(--decision);stroke:var(--decision);stroke-width:1.5}.moment.m-action{fill:var(--action)}
        .moment.m-message path{fill:var(--message);stroke:var(--card);stroke-width:1}.moment.m-message .fold{fill:none}
        .moment.held.m-decision circle{fill:var(--card);stroke:var(--held);stroke-width:2.4}.moment.faint.m-decision circle{fill:var(--card);stroke:var(--faint);stroke-width:1.2}.moment.faint{opacity:.75}
        .moment.bad circle,.moment.bad rect{fill:var(--bad);stroke:var(--bad)}
        .moment .label,.outage .label{paint-order:stroke;stroke:var(--card);stroke-width:3px;stroke-linejoin:round}.moment.faint .label{fill:var(--faint)}.label.left{text-anchor:end}
        .strip .good{fill:var(--free);opacity:.75}.strip .bad{fill:var(--refused)}.outage rect{fill:var(--refused)}
        svg .cross{stroke:var(--accent);fill:none;visibility:hidden;pointer-events:none}svg.pointed .cross{visibility:visible}
        .tip{position:absolute;pointer-events:none;background:var(--ink);color:var(--card);border-radius:8px;padding:7px 11px;font-size:12.5px;line-height:1.45;z-index:2;white-space:nowrap;box-shadow:0 4px 14px rgb(0 0 0/.25)}
        .tip[hidden]{display:none}.tip div{display:flex;justify-content:space-between;gap:16px;font-variant-numeric:tabular-nums}
        .legend{display:flex;flex-wrap:wrap;gap:4px 18px;margin:0 0 12px;font-size:13px;color:var(--faint)}.legend span{display:inline-flex;align-items:center;gap:7px}
        .legend i{width:12px;height:12px;border-radius:3px;flex:none}.legend i.bar{width:0;height:14px;border-radius:0;border-left:2px dashed var(--event);background:none}.legend i.bar.m-action{border-left:2px solid var(--action)}
        .legend i.dot{border-radius:50%;border:2px solid var(--decision)}.legend i.acted{background:var(--decision)}.legend i.held{border-color:var(--held)}.legend i.dot.faint{border:1.5px solid var(--faint)}.legend i.bad{background:var(--bad);border-color:var(--bad)}
        .columns{display:grid;grid-template-columns:minmax(0,1.25fr) minmax(0,1fr);gap:0 40px}
        .story{list-style:none;margin:0;padding:0}.story li{display:grid;grid-template-columns:64px minmax(0,1fr);gap:10px;padding:5px 0;border-bottom:1px solid var(--line)}.story li:last-child{border:0}
        .story time{color:var(--faint);font-size:13px;font-variant-numeric:tabular-nums;text-align:right;padding-top:1px}.story div{overflow-wrap:anywhere}
        .result{margin:2px 0 0;padding-left:12px;border-left:3px solid var(--line);font-size:14px}
        article{border:1px solid var(--line);border-left:4px solid var(--faint);border-radius:10px;background:var(--soft);padding:12px 16px;margin:0 0 12px}
        .decision.acted{border-left-color:var(--action)}.decision.held{border-left-color:var(--held)}.decision.bad{border-left-color:var(--bad)}.message{border-left-color:var(--message)}
        .badge{display:inline-block;font-size:12px;font-weight:700;border-radius:20px;padding:1px 10px;background:var(--faint);color:var(--card)}.acted .badge{background:var(--action)}.held .badge{background:var(--held)}.bad .badge{background:var(--bad)}
        pre{margin:8px 0 0;font:12.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;white-space:pre-wrap;overflow-wrap:anywhere;background:var(--card);border:1px solid var(--line);border-radius:8px;padding:12px 14px}
        .checks{list-style:none;margin:0;padding:0}.checks li{display:flex;gap:12px;padding:6px 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}.checks li:last-child{border:0}.checks p{margin:0}.checks div{min-width:0}
        .sign{flex:none;width:22px;height:22px;display:grid;place-items:center;border-radius:50%;color:#fff;font-weight:700;font-size:13px;background:var(--passed)}.fails .sign{background:var(--failed)}.fails{font-weight:650}
        .wide{overflow-x:auto}table{width:100%;border-collapse:collapse;font-size:14px}caption{text-align:left;font-size:13px;color:var(--faint);padding:2px 0}
        th{text-align:left;font-size:12px;font-weight:650;color:var(--faint);white-space:nowrap}th,td{padding:6px 14px 6px 0;border-bottom:1px solid var(--line);vertical-align:top}td{overflow-wrap:break-word}.facts td{overflow-wrap:anywhere}.rows td{overflow-wrap:break-word}
        tbody tr:last-child>*{border-bottom:0}.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}td.n.faint{color:var(--faint)}.group{text-align:center;border-bottom:1px solid var(--line)}td.bad{color:var(--bad);font-weight:700}
        .facts table,.rows{font-size:13px}table.facts{font-size:13.5px;margin-top:8px}table.facts>tbody>tr>th{width:1%;padding-right:18px;font-weight:500;font-size:13px}table.facts ul{margin:0;padding-left:18px}table.facts td>table.facts{margin:0}
        .rows th,.rows td{padding:3px 12px 3px 0}.meter{width:130px}.meter svg{display:block;width:110px;height:8px;margin-top:5px}.meter small{color:var(--faint);font-size:11.5px}.room{fill:var(--line)}.used{fill:var(--accent)}
        .kind{white-space:nowrap;color:var(--faint)}
        @media (max-width:1000px){.columns{grid-template-columns:minmax(0,1fr)}main{padding:12px 10px 40px}section{padding:16px}header{padding:20px}}
        @media (max-width:640px){header{flex-direction:column;align-items:flex-start}}
        @media print{@page{size:A4 landscape;margin:9mm}
          :root{--bg:#fff;--card:#fff;--ink:#18202c;--faint:#5f6b7d;--line:#dde2ea;--soft:#fff;--odd:#f1f5fb}
          *{-webkit-print-color-adjust:exact;print-color-adjust:exact}
          body{font-size:11.5px;background:none}main{max-width:none;padding:0}section,.tile{box-shadow:none}section{padding:12px 16px}.tile{padding:8px 14px}.tile b{font-size:24px}
          header{padding:16px 20px}header h1{font-size:22px}header p{font-size:13px}
          .tiles{grid-template-columns:repeat(6,1fr)}.tip,.cross{display:none}svg.timeline{min-width:0}.chart,.wide{overflow:visible}
          table,pre,code,.result,p.faint{font-size:10.5px}pre{line-height:1.35}
          .tile,tr,.story li,.checks li,svg,h3+*{break-inside:avoid}h2,h3,h4{break-after:avoid}.incident,#timeline,#functions{break-before:page}#timeline svg{max-height:160mm}#incidents .number{width:18px;height:18px;font-size:11px}}
        </style>
        """;
}
