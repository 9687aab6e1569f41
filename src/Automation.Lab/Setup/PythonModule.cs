namespace Automation.Lab.Setup;

/// <summary>A Python module that the lab uses.</summary>
/// <param name="Import">What a program imports, for example <c>moto.server</c>.</param>
/// <param name="Requirement">What pip installs, for example <c>moto[server]&gt;=5.1,&lt;6</c>.</param>
internal sealed record PythonModule(string Import, string Requirement)
{
    /// <summary>The AWS API of the lab.</summary>
    public static PythonModule Moto { get; } = new("moto.server", "moto[server]>=5.1,<6");

    /// <summary>Expands <c>AWS::Serverless</c> resources as CloudFormation does.</summary>
    public static PythonModule SamTranslator { get; } = new("samtranslator", "aws-sam-translator");

    public static PythonModule CfnLint { get; } = new("cfnlint", "cfn-lint");
}
