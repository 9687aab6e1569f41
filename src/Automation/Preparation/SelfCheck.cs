namespace Automation.Preparation;

/// <summary>A row of <c>sql/self-test.sql</c>.</summary>
/// <param name="Name">What the role must be able to do, such as <c>sees-every-session</c>.</param>
/// <param name="Ok">Whether it can.</param>
/// <param name="WhatToDo">What a person must run or set when it cannot, else empty.</param>
internal sealed record SelfCheck(string Name, bool Ok, string WhatToDo);
