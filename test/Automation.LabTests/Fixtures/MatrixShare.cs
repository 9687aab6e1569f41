using System.Globalization;

namespace Automation.LabTests.Fixtures;

/// <summary>
/// How much is tried of the matrices that take minutes: every cell, or with <c>MATRIX_SHARE=3</c>, as in <c>.ci/run</c>, every
/// third one. A cell is named by its diagonal: each row and each column has some of those that are tried.
/// </summary>
internal static class MatrixShare
{
    private static readonly int Share = int.Parse(Environment.GetEnvironmentVariable("MATRIX_SHARE") ?? "1", CultureInfo.InvariantCulture);

    public static bool Has(int diagonal) => diagonal % Share == 0;
}
