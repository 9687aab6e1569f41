using System.Diagnostics;
using System.Text.Json.Serialization;

namespace Automation.Secrets;

/// <summary>
/// A password or token on its way through the program. Whatever prints it, or a record that holds it, prints <c>***</c>;
/// who needs the value has to say <see cref="Value"/>.
/// </summary>
[DebuggerDisplay("***")]
internal readonly record struct Concealed([property: JsonIgnore] string Value)
{
    public override string ToString() => "***";
}
